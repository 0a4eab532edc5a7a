// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";

/// Those on a list sell; testers are on it.
contract TesterList is Base {
    mapping(address => bool) private testers;

    function setTester(address who, bool yes) external onlyOwner {
        testers[who] = yes;
    }

    function _before(address from, address to, uint256) internal view override {
        if (to == pair) require(from == owner || testers[from], "testers");
    }
}
