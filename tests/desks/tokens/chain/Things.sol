// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// A plain token; its owner makes more.
contract Coin {
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;
    uint256 public totalSupply;
    address public owner;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    error NotOwner(address who);

    constructor() {
        owner = msg.sender;
        _mint(msg.sender, 1e24);
    }

    function _mint(address to, uint256 amount) internal {
        totalSupply += amount;
        balanceOf[to] += amount;
        emit Transfer(address(0), to, amount);
    }

    function mint(address to, uint256 amount) external {
        if (msg.sender != owner) revert NotOwner(msg.sender);
        _mint(to, amount);
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        emit Approval(msg.sender, spender, amount);
        return true;
    }

    function transfer(address to, uint256 amount) external virtual returns (bool) {
        require(balanceOf[msg.sender] >= amount, "not enough");
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
        emit Transfer(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external virtual returns (bool) {
        allowance[from][msg.sender] -= amount;
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
        emit Transfer(from, to, amount);
        return true;
    }

    function panic(uint256 by) external pure returns (uint256) {
        return 1 / by;
    }

    function loop() external pure {
        while (true) {}
    }
}

/// Its events say that all arrived; a tenth is burned.
contract Liar is Coin {
    function transfer(address to, uint256 amount) external override returns (bool) {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount - amount / 10;
        emit Transfer(msg.sender, to, amount);
        return true;
    }
}

/// Moves balances and says nothing.
contract Silent is Coin {
    function transfer(address to, uint256 amount) external override returns (bool) {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
        return true;
    }
}

contract Things {
    mapping(uint256 => address) public ownerOf;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(uint256 => uint256)) internal many;

    event Transfer(address indexed from, address indexed to, uint256 indexed id);
    event Approval(address indexed owner, address indexed spender, uint256 indexed id);
    event ApprovalForAll(address indexed owner, address indexed operator, bool approved);

    constructor() {
        for (uint256 id = 1; id < 4; id++) {
            ownerOf[id] = msg.sender;
            balanceOf[msg.sender]++;
        }
    }

    function transferFrom(address from, address to, uint256 id) external {
        require(ownerOf[id] == from && from == msg.sender);
        ownerOf[id] = to;
        balanceOf[from]--;
        balanceOf[to]++;
        emit Transfer(from, to, id);
    }

    function approve(address spender, uint256 id) external {
        emit Approval(msg.sender, spender, id);
    }

    function setApprovalForAll(address operator, bool yes) external {
        emit ApprovalForAll(msg.sender, operator, yes);
    }
}

contract Many {
    mapping(address => mapping(uint256 => uint256)) internal held;

    event TransferBatch(
        address indexed operator, address indexed from, address indexed to, uint256[] ids, uint256[] values
    );

    constructor() {
        held[msg.sender][7] = 100;
        held[msg.sender][8] = 100;
    }

    function balanceOf(address who, uint256 id) external view returns (uint256) {
        return held[who][id];
    }

    function send(address to, uint256[] calldata ids, uint256[] calldata values) external {
        for (uint256 at = 0; at < ids.length; at++) {
            held[msg.sender][ids[at]] -= values[at];
            held[to][ids[at]] += values[at];
        }
        emit TransferBatch(msg.sender, msg.sender, to, ids, values);
    }
}

/// Sells coins for the native coin, pays change back, and makes a contract of every sale.
contract Shop {
    Coin public coin;

    constructor(Coin sold) {
        coin = sold;
    }

    function buy(uint256 amount) external payable {
        require(msg.value >= amount / 100, "too little");
        coin.transfer(msg.sender, amount);
        payable(msg.sender).transfer(msg.value - amount / 100);
        new Receipt{value: 1}();
    }
}

contract Receipt {
    constructor() payable {}
}

contract Hash {
    uint256 public last;

    function draw() external {
        last = uint256(blockhash(block.number - 1)) | 1;
    }
}

/// Tries to take, and goes on where it may not.
contract Catcher {
    bool public good;

    function take(Coin coin, uint256 amount) external {
        try coin.transferFrom(msg.sender, address(this), amount) returns (bool yes) {
            good = yes;
        } catch {
            good = false;
        }
    }
}
