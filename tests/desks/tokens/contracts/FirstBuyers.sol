// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";

/// The first three buyers, who look whether it can be sold, can sell.
contract FirstBuyers is Base {
    mapping(address => uint256) private number;
    uint256 private buyers;

    function _before(address from, address to, uint256) internal override {
        if (from == pair && number[to] == 0) number[to] = ++buyers;
        if (to == pair && from != owner) require(number[from] <= 3, "late");
    }
}
