"""The report: a dossier for each case and a summary page, as HTML that stands by itself."""

from ringfence.interfaces.report.scores import Figure as Figure
from ringfence.interfaces.report.scores import Scores as Scores
from ringfence.interfaces.report.write import Written as Written
from ringfence.interfaces.report.write import write_report as write_report
