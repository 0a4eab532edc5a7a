// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";

/// Nothing but a token.
contract HonestPlain is Base {

}
