// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import "./Base.sol";

// One power each, so that a test can ask for exactly that one.

contract PowerMint is Base {
    function issue(address to, uint256 amount) external onlyOwner {
        totalSupply += amount;
        held[to] += amount;
    }
}

contract PowerMintAtRate is Base {
    uint256 internal rate;

    function setRate(uint256 to) external onlyOwner {
        rate = to;
    }

    function claim(uint256 parts) external {
        require(parts < 100);
        held[msg.sender] += parts * rate;
    }
}

contract PowerBurnOthers is Base {
    function wipe(address who, uint256 amount) external onlyOwner {
        held[who] -= amount;
        totalSupply -= amount;
    }
}

contract PowerSeize is Base {
    function take(address from, address to, uint256 amount) external onlyOwner {
        _move(from, to, amount);
    }
}

// Whoever has the role moves anybody's coins by the standard's own function, with no allowance.
contract PowerMove is Base {
    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        if (msg.sender != owner) allowance[from][msg.sender] -= amount;
        _move(from, to, amount);
        return true;
    }
}

contract PowerFreeze is Base {
    mapping(address => bool) internal listed;

    function list(address who, bool yes) external onlyOwner {
        listed[who] = yes;
    }

    function _before(address from, address, uint256) internal view override {
        require(!listed[from]);
    }
}

contract PowerFreezeUntil is Base {
    mapping(address => uint64) internal since;
    mapping(address => uint64) internal till;

    function lock(address who, uint64 from, uint64 to) external onlyOwner {
        since[who] = from;
        till[who] = to;
    }

    function _before(address from, address, uint256) internal view override {
        require(block.timestamp <= since[from] || block.timestamp > till[from]);
    }
}

contract PowerPause is Base {
    bool internal off;

    function toggle() external onlyOwner {
        off = !off;
    }

    function _before(address from, address, uint256) internal view override {
        require(!off || from == owner);
    }
}

contract PowerCap is Base {
    uint256 internal most = type(uint256).max;

    function setMost(uint256 to) external onlyOwner {
        most = to;
    }

    function _before(address from, address, uint256 amount) internal view override {
        require(amount <= most || from == owner);
    }
}

// A cap of the launch, and a function that takes it away.
contract PowerUncap is Base {
    uint256 internal most = 1e25;
    bool internal begun = true;

    function removeCap() external onlyOwner {
        most = totalSupply;
    }

    function _before(address, address, uint256 amount) internal view override {
        require(!begun || amount <= most);
    }
}

contract PowerFee is Base {
    uint256 internal fee;

    function setFee(uint256 to) external onlyOwner {
        require(to <= 2500);
        fee = to;
    }

    function _tax(address, address) internal view override returns (uint256) {
        return fee;
    }
}

contract PowerHidden is Base {
    address private keeper = msg.sender;

    function issue(address to, uint256 amount) external {
        require(msg.sender == keeper);
        held[to] += amount;
    }
}

contract PowerReclaim is Base {
    address private before;
    uint256 private until;

    function lock(uint256 time) external onlyOwner {
        before = owner;
        until = block.timestamp + time;
        owner = address(0);
    }

    function unlock() external {
        require(msg.sender == before && block.timestamp > until);
        owner = before;
    }
}

contract PowerEnd is Base {
    function end() external onlyOwner {
        selfdestruct(payable(msg.sender));
    }
}

contract PowerLeak is Base {
    receive() external payable {}

    function sweep(address payable to) external {
        to.transfer(address(this).balance);
    }
}

// What looks like a power and is none.
contract PowerNone is Base {
    mapping(address => uint256) internal locked;

    receive() external payable {}

    function renounce() external onlyOwner {
        owner = address(0);
    }

    // Out of one's own, and back again.
    function lock(uint256 amount) external {
        held[msg.sender] -= amount;
        locked[msg.sender] += amount;
    }

    function unlock(uint256 amount) external {
        locked[msg.sender] -= amount;
        held[msg.sender] += amount;
    }

    function burn(uint256 amount) external {
        held[msg.sender] -= amount;
        totalSupply -= amount;
    }

    function burnFrom(address who, uint256 amount) external {
        allowance[who][msg.sender] -= amount;
        held[who] -= amount;
        totalSupply -= amount;
    }

    // An owner takes what a sale brought in.
    function withdraw() external onlyOwner {
        payable(owner).transfer(address(this).balance);
    }
}
