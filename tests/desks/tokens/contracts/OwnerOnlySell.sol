// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";

/// The owner sells, nobody else.
contract OwnerOnlySell is Base {
    function _before(address from, address to, uint256) internal view override {
        if (to == pair) require(from == owner, "owner");
    }
}
