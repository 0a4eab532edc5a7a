// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";

/// The owner can stop everybody, and starts stopped.
contract HonestPause is Base {
    bool public paused = true;

    function setPaused(bool yes) external onlyOwner {
        paused = yes;
    }

    function _before(address, address, uint256) internal view override {
        require(!paused, "paused");
    }
}
