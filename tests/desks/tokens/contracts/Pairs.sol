// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import "./Base.sol";

// Powers that no function has alone: what the second call does stands on what the first wrote. Each has a twin
// that looks like it and in which nobody has the power.

// An allowance that the holder never gave, and then the standard's own transferFrom.
contract PairApproval is Base {
    function approveFor(address holder, address spender, uint256 amount) external onlyOwner {
        allowance[holder][spender] = amount;
    }
}

contract HonestApproval is Base {
    function approveFor(address spender, uint256 amount) external {
        allowance[msg.sender][spender] += amount;
    }
}

// An operator that somebody else names, and then a move that operators may make.
contract PairOperator is Base {
    mapping(address => mapping(address => bool)) internal operators;

    function setOperator(address holder, address operator, bool yes) external onlyOwner {
        operators[holder][operator] = yes;
    }

    function operatorMove(address from, address to, uint256 amount) external {
        require(operators[from][msg.sender]);
        _move(from, to, amount);
    }
}

contract HonestOperator is Base {
    mapping(address => mapping(address => bool)) internal operators;

    function setOperator(address operator, bool yes) external {
        operators[msg.sender][operator] = yes;
    }

    function operatorMove(address from, address to, uint256 amount) external {
        require(operators[from][msg.sender]);
        _move(from, to, amount);
    }
}

// A fee that is proposed and then applied.
contract PairFee is Base {
    uint256 internal next;
    uint256 internal fee;

    function propose(uint256 to) external onlyOwner {
        require(to <= 5000);
        next = to;
    }

    function apply_() external {
        fee = next;
    }

    function _tax(address, address) internal view override returns (uint256) {
        return fee;
    }
}

// Proposed and announced, and no transfer ever looks at it.
contract HonestProposal is Base {
    uint256 internal next;
    uint256 public shown;

    function propose(uint256 to) external onlyOwner {
        next = to;
    }

    function apply_() external {
        shown = next;
    }
}

// A holder is nominated, and then frozen by anybody.
contract PairFreeze is Base {
    mapping(address => uint256) internal named;
    mapping(address => uint256) internal listed;

    function nominate(address who, uint256 reason) external onlyOwner {
        named[who] = reason;
    }

    function commit(address who) external {
        listed[who] = named[who];
    }

    function _before(address from, address, uint256) internal view override {
        require(listed[from] == 0);
    }
}

// A quota given by the owner, and then coins made under it.
contract PairQuota is Base {
    mapping(address => uint256) internal quota;

    function setQuota(address who, uint256 amount) external onlyOwner {
        quota[who] = amount;
    }

    function make(uint256 amount) external {
        quota[msg.sender] -= amount;
        totalSupply += amount;
        held[msg.sender] += amount;
    }
}

// Coins put aside out of one's own, and taken back.
contract HonestQuota is Base {
    mapping(address => uint256) internal quota;

    function putAside(uint256 amount) external {
        held[msg.sender] -= amount;
        quota[msg.sender] += amount;
    }

    function make(uint256 amount) external {
        quota[msg.sender] -= amount;
        held[msg.sender] += amount;
    }
}

// A record of one's own that costs nothing, and then money for it.
contract PairCredit is Base {
    mapping(address => uint256) internal credit;

    receive() external payable {}

    function claim(uint256 amount) external {
        credit[msg.sender] = amount;
    }

    function withdraw() external {
        uint256 amount = credit[msg.sender];
        credit[msg.sender] = 0;
        payable(msg.sender).transfer(amount);
    }
}

contract HonestCredit is Base {
    mapping(address => uint256) internal credit;

    function deposit() external payable {
        credit[msg.sender] += msg.value;
    }

    function withdraw() external {
        uint256 amount = credit[msg.sender];
        credit[msg.sender] = 0;
        payable(msg.sender).transfer(amount);
    }
}

// A switch that is set now and works a day later.
contract PairPause is Base {
    uint256 internal next;
    uint256 internal off;
    uint256 internal since;

    function schedule(uint256 to) external onlyOwner {
        next = to;
        since = block.timestamp;
    }

    function execute() external {
        require(since != 0 && block.timestamp >= since + 1 days);
        off = next;
    }

    function _before(address, address, uint256) internal view override {
        require(off == 0);
    }
}

// An owner in two steps, which is no power over holders.
contract HonestHandover is Base {
    address internal next;

    function propose(address to) external onlyOwner {
        next = to;
    }

    function accept() external {
        require(msg.sender == next);
        owner = next;
        next = address(0);
    }
}

// A role is given and then used: the role alone is the power, and quick finds it.
contract PairRole is Base {
    mapping(bytes32 => mapping(address => bool)) internal roles;

    function grantRole(bytes32 role, address who) external onlyOwner {
        roles[role][who] = true;
    }

    function mint(address to, uint256 amount) external {
        require(roles[keccak256("MINTER")][msg.sender]);
        held[to] += amount;
        totalSupply += amount;
    }
}
