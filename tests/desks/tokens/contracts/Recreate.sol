// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";

/// The code can be removed, and another be put in its place (CREATE2 and a maker that is removed too).
contract Recreate is Base {
    function retire() external onlyOwner {
        selfdestruct(payable(owner));
    }
}
