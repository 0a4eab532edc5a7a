// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Coin} from "./Things.sol";

abstract contract Forwarder {
    function _target() internal virtual returns (address);

    fallback() external payable {
        address to = _target();
        assembly {
            calldatacopy(0, 0, calldatasize())
            let good := delegatecall(gas(), to, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            switch good
            case 0 { revert(0, returndatasize()) }
            default { return(0, returndatasize()) }
        }
    }
}

/// The address of the code in any slot that the maker names, and an admin in another.
contract SlotProxy is Forwarder {
    bytes32 private immutable place;

    event Upgraded(address indexed implementation);

    constructor(bytes32 where, address code, bytes32 adminPlace, address admin) {
        place = where;
        assembly {
            sstore(where, code)
            if adminPlace { sstore(adminPlace, admin) }
        }
        emit Upgraded(code);
    }

    function _target() internal view override returns (address to) {
        bytes32 where = place;
        assembly {
            to := sload(where)
        }
    }

    function upgradeTo(address code) external {
        bytes32 where = place;
        assembly {
            sstore(where, code)
        }
        emit Upgraded(code);
    }
}

contract Beacon {
    address public implementation;
    address public owner;

    constructor(address code) {
        implementation = code;
        owner = msg.sender;
    }
}

contract BeaconProxy is Forwarder {
    bytes32 private constant PLACE = 0xa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50;

    constructor(address beacon) {
        assembly {
            sstore(PLACE, beacon)
        }
    }

    function _target() internal view override returns (address) {
        address beacon;
        assembly {
            beacon := sload(PLACE)
        }
        return Beacon(beacon).implementation();
    }
}

/// As wallets of several signers are: the code in the first slot.
contract SafeProxy is Forwarder {
    address internal singleton;

    constructor(address code) {
        singleton = code;
    }

    function _target() internal view override returns (address) {
        return singleton;
    }
}

contract Safe {
    address internal singleton;

    function getOwners() external pure returns (address[] memory made) {
        made = new address[](3);
        (made[0], made[1], made[2]) = (address(0xa1), address(0xa2), address(0xa3));
    }

    function getThreshold() external pure returns (uint256) {
        return 2;
    }
}

contract Timelock {
    function getMinDelay() external pure returns (uint256) {
        return 172800;
    }
}

contract Diamond is Forwarder {
    mapping(bytes4 => address) internal facets;
    address[] internal listed;

    constructor(address one, bytes4[] memory ones, address two, bytes4[] memory twos) {
        for (uint256 at = 0; at < ones.length; at++) facets[ones[at]] = one;
        for (uint256 at = 0; at < twos.length; at++) facets[twos[at]] = two;
        listed.push(one);
        listed.push(two);
    }

    function facetAddresses() external view returns (address[] memory) {
        return listed;
    }

    function _target() internal view override returns (address to) {
        to = facets[msg.sig];
        require(to != address(0), "no facet");
    }
}

/// A wallet that keeps no standard: the place of its code is its own.
contract OwnPlace is Forwarder {
    uint256 internal filler;
    address internal logic;
    address public owner;

    constructor(address code) {
        logic = code;
        owner = msg.sender;
    }

    function _target() internal view override returns (address) {
        require(msg.sender != owner, "the admin may not");
        return logic;
    }
}
