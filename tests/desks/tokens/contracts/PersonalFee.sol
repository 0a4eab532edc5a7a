// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";

/// The owner sets what one account pays.
contract PersonalFee is Base {
    mapping(address => uint256) internal rate;

    function setRate(address who, uint256 to) external onlyOwner {
        require(to <= 2000, "too much");
        rate[who] = to;
    }

    function _tax(address from, address) internal view override returns (uint256) {
        return rate[from];
    }
}
