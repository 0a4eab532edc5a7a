// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";

/// A rate that the constructor writes among the instructions.
contract FixedRate is Base {
    uint256 private immutable rate;

    constructor(uint256 to) {
        rate = to;
    }

    function _tax(address, address) internal view override returns (uint256) {
        return rate;
    }
}
