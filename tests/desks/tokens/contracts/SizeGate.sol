// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";

/// A hundredth of what is held can be sold, never all of it.
contract SizeGate is Base {
    function _before(address from, address to, uint256 amount) internal view override {
        if (to == pair && from != owner) require(amount <= held[from] / 100, "size");
    }
}
