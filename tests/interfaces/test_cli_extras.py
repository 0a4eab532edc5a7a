"""A base install lacks the laboratory's packages: its commands say so, with what to install."""

import subprocess
import sys

import pytest

WITHOUT = """
import sys
sys.modules["psutil"] = None
sys.modules["trustme"] = None
from ringfence.interfaces.cli.main import main
sys.argv = ["ringfence", "demo"]
main()
"""


@pytest.mark.parametrize("module", ["psutil"])
def test_a_missing_extra_is_named_without_a_stack_trace(module):
    done = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True)
    assert done.returncode == 2
    assert module in done.stderr and "ringfence[lab]" in done.stderr and "Traceback" not in done.stderr
