// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";

/// Whoever is not exempt cannot send to an address on the list of pools.
contract ListedPools is Base {
    mapping(address => bool) private pools;
    mapping(address => bool) private exempt;

    function setPool(address who, bool yes) external onlyOwner {
        pools[who] = yes;
    }

    function setExempt(address who, bool yes) external onlyOwner {
        exempt[who] = yes;
    }

    function _before(address from, address to, uint256) internal view override {
        require(!pools[to] || exempt[from], "exempt");
    }
}
