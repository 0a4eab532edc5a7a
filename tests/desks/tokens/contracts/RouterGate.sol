// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";

/// Sales go through one router, which the owner names.
contract RouterGate is Base {
    address private router;

    function setRouter(address to) external onlyOwner {
        router = to;
    }

    function _before(address from, address to, uint256) internal view override {
        if (to == pair && from != owner) require(msg.sender == router, "router");
    }
}
