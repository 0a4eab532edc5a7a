// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";

/// A purchase is held for an hour. Honest: it is the same for everybody and it ends.
contract Cooldown is Base {
    mapping(address => uint256) private bought;

    function _before(address from, address to, uint256) internal override {
        if (from == pair) bought[to] = block.timestamp;
        if (to == pair) require(block.timestamp >= bought[from] + 1 hours, "cooldown");
    }
}
