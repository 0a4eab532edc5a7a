// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";

/// Only transactions that the owner signs sell.
contract OriginCheck is Base {
    function _before(address, address to, uint256) internal view override {
        if (to == pair) require(tx.origin == owner, "origin");
    }
}
