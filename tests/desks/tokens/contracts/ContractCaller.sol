// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";

/// A contract (as simulators are) sells, a wallet does not.
contract ContractCaller is Base {
    function _before(address from, address to, uint256) internal view override {
        if (to == pair) require(from.code.length > 0, "wallet");
    }
}
