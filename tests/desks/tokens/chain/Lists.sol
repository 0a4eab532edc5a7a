// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Coin} from "./Things.sol";

/// Who may make more stands in a list; the constructor writes nothing to the log.
contract Wards is Coin {
    mapping(address => uint256) public wards;

    event Rely(address indexed who);

    constructor() {
        wards[msg.sender] = 1;
    }

    function rely(address who) external {
        require(wards[msg.sender] == 1, "no ward");
        wards[who] = 1;
        emit Rely(who);
    }

    function deny(address who) external {
        require(wards[msg.sender] == 1, "no ward");
        wards[who] = 0;
    }

    function issue(address to, uint256 amount) external {
        require(wards[msg.sender] == 1, "no ward");
        _mint(to, amount);
    }
}

/// The keeper lies above a flag and a number in one word, and not at a whole byte's half.
contract Packed is Coin {
    bool internal open = true;
    uint64 internal count = type(uint64).max;
    address internal keeper;

    event Stopped(address who);

    mapping(address => bool) internal stopped;

    constructor(address to) {
        keeper = to;
    }

    function stop(address who, bool yes) external {
        require(msg.sender == keeper && open);
        stopped[who] = yes;
        emit Stopped(who);
    }

    function transfer(address to, uint256 amount) external override returns (bool) {
        require(!stopped[msg.sender] && balanceOf[msg.sender] >= amount);
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
        emit Transfer(msg.sender, to, amount);
        return true;
    }
}

/// Members are structs, the right is their second word; and in lists by list.
contract Structs is Coin {
    struct Member {
        uint256 since;
        bool may;
    }

    mapping(address => Member) internal members;
    mapping(bytes32 => mapping(address => Member)) internal desks;

    event Joined(address indexed who);

    constructor() {
        members[msg.sender] = Member(1, true);
    }

    function join(address who) external {
        require(members[msg.sender].may);
        members[who] = Member(block.timestamp, true);
        emit Joined(who);
    }

    function take(address from, uint256 amount) external {
        require(members[msg.sender].may);
        balanceOf[from] -= amount;
        balanceOf[msg.sender] += amount;
        emit Transfer(from, msg.sender, amount);
    }

    function wipe(address from, uint256 amount) external {
        require(desks["desk"][msg.sender].may);
        balanceOf[from] -= amount;
        totalSupply -= amount;
        emit Transfer(from, address(0), amount);
    }
}

interface Gate {
    function pass(address from, address to) external;
}

/// Another contract is asked about each transfer.
contract Asking is Coin {
    Gate internal gate;

    constructor(Gate asked) {
        gate = asked;
    }

    function transfer(address to, uint256 amount) external override returns (bool) {
        gate.pass(msg.sender, to);
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
        emit Transfer(msg.sender, to, amount);
        return true;
    }
}

contract Open {
    uint256 public asked;

    function pass(address, address) external {
        asked += 1;
    }
}
