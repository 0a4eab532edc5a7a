// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Coin} from "./Things.sol";

/// Powers that say when they are used, one that does not, and one whose event others write too.
contract Used is Coin {
    bool internal off;
    mapping(address => bool) internal listed;
    uint256 internal fee;

    event Paused(address by);
    event Unpaused(address by);

    function pause() external {
        require(msg.sender == owner);
        off = true;
        emit Paused(msg.sender);
    }

    function unpause() external {
        require(msg.sender == owner);
        off = false;
        emit Unpaused(msg.sender);
    }

    function list(address who, bool yes) external {
        require(msg.sender == owner);
        listed[who] = yes;
    }

    function burn(uint256 amount) external {
        balanceOf[msg.sender] -= amount;
        totalSupply -= amount;
        emit Transfer(msg.sender, address(0), amount);
    }

    function wipe(address who, uint256 amount) external {
        require(msg.sender == owner);
        balanceOf[who] -= amount;
        totalSupply -= amount;
        emit Transfer(who, address(0), amount);
    }

    function transfer(address to, uint256 amount) external override returns (bool) {
        require((!off && !listed[msg.sender]) || msg.sender == owner);
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
        emit Transfer(msg.sender, to, amount);
        return true;
    }
}

contract Maker {
    Used public made;

    constructor() {
        made = new Used();
    }
}
