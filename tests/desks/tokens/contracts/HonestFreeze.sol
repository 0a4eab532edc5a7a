// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";

/// Accounts can be frozen, whoever they are.
contract HonestFreeze is Base {
    mapping(address => bool) private frozen;

    function setFrozen(address who, bool yes) external onlyOwner {
        frozen[who] = yes;
    }

    function _before(address from, address to, uint256) internal view override {
        require(!frozen[from] && !frozen[to], "frozen");
    }
}
