// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";

/// One part in a hundred of every transfer.
contract HonestFee is Base {
    function _tax(address, address) internal pure override returns (uint256) {
        return 100;
    }
}
