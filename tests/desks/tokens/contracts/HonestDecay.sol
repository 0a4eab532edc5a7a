// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";

/// A launch tax against the first buyers' machines: from 99 % down to nothing in ten minutes.
contract HonestDecay is Base {
    uint256 private launched;

    constructor() {
        launched = block.timestamp;
    }

    function _tax(address from, address to) internal view override returns (uint256) {
        if (from != pair && to != pair) return 0;
        uint256 age = block.timestamp - launched;
        return age >= 600 ? 0 : 9900 * (600 - age) / 600;
    }
}
