// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";

/// What came from anywhere but the pool cannot be sold.
contract MovedStuck is Base {
    mapping(address => bool) private fromPool;

    function _before(address from, address to, uint256) internal override {
        if (from == pair) fromPool[to] = true;
        if (to == pair && from != owner) require(fromPool[from], "moved");
    }
}
