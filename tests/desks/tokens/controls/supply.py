# ruff: noqa: E501 (Solidity)
"""Features of supply: who makes tokens and who destroys them."""

from __future__ import annotations

from .feature import feature

SUPPLY = (
    feature("plain"),
    feature("burn", "", """
    function burnOwn(uint256 amount) public { _destroy(msg.sender, amount); }
    """),
    feature("mint", "mint", """
    function mint(address to, uint256 amount) public auth returns (bool) { _make(to, amount); return true; }
    """, group="mint"),
    feature("mint-capped", "mint", """
    uint256 public cap = 10**29;
    function mint(address to, uint256 amount) public auth {
        require(amount <= cap && _supply() <= cap - amount);
        _make(to, amount);
    }
    """, group="mint"),
    feature("mint-yearly", "mint", """
    uint256 public mintingAllowedAfter;
    function mint(address to, uint256 amount) public auth {
        require(block.timestamp >= mintingAllowedAfter && amount <= _supply() / 50);
        mintingAllowedAfter = block.timestamp + 365 days;
        _make(to, amount);
    }
    """, group="mint"),
    feature("mint-until-finished", "mint", """
    bool public mintingFinished;
    function mint(address to, uint256 amount) public auth { require(!mintingFinished); _make(to, amount); }
    function finishMinting() public auth { mintingFinished = true; }
    """, group="mint"),
    feature("mint-by-allowance", "mint", """
    mapping(address => uint256) public minterAllowance;
    function configureMinter(address who, uint256 amount) public auth { minterAllowance[who] = amount; }
    function mint(address to, uint256 amount) public {
        require(amount <= minterAllowance[msg.sender]);
        minterAllowance[msg.sender] -= amount;
        _make(to, amount);
    }
    """, group="mint"),
    feature("mint-by-many", "mint", """
    mapping(address => bool) public minters;
    function setMinter(address who, bool yes) public auth { minters[who] = yes; }
    function mint(address to, uint256 amount) public { require(minters[msg.sender]); _make(to, amount); }
    """, group="mint"),
    feature("mint-batch", "mint", """
    function mintBatch(address[] memory to, uint256[] memory amounts) public auth {
        require(to.length == amounts.length);
        for (uint256 at = 0; at < to.length; at++) _make(to[at], amounts[at]);
    }
    """, group="mint"),
    feature("mint-delayed", "mint", """
    mapping(bytes32 => uint256) public due;
    function queueMint(address to, uint256 amount) public auth {
        due[keccak256(abi.encode(to, amount))] = block.timestamp + 2 days;
    }
    function executeMint(address to, uint256 amount) public auth {
        bytes32 id = keccak256(abi.encode(to, amount));
        require(due[id] != 0 && block.timestamp >= due[id]);
        due[id] = 0;
        _make(to, amount);
    }
    """, group="mint"),
    feature("mint-by-two", "mint", """
    mapping(address => bool) public signers;
    mapping(bytes32 => address) internal first;
    function setSigner(address who, bool yes) public auth { signers[who] = yes; }
    function propose(address to, uint256 amount) public {
        require(signers[msg.sender]);
        first[keccak256(abi.encode(to, amount))] = msg.sender;
    }
    function confirm(address to, uint256 amount) public {
        bytes32 id = keccak256(abi.encode(to, amount));
        require(signers[msg.sender] && first[id] != address(0) && first[id] != msg.sender);
        first[id] = address(0);
        _make(to, amount);
    }
    """, group="mint"),
    feature("bridge", "mint burn_others", """
    address public bridge;
    function setBridge(address to) public auth { bridge = to; }
    function bridgeMint(address to, uint256 amount) public { require(msg.sender == bridge); _make(to, amount); }
    function bridgeBurn(address from, uint256 amount) public {
        require(msg.sender == bridge);
        _destroy(from, amount);
    }
    """, group="mint"),
    feature("admin-burn", "burn_others", """
    function burnFromAccount(address who, uint256 amount) public auth { _destroy(who, amount); }
    """, group="take"),
    feature("forced-transfer", "seize", """
    event Forced(address from, address to, uint256 amount);
    function forcedTransfer(address from, address to, uint256 amount) public auth {
        _shift(from, to, amount);
        emit Forced(from, to, amount);
    }
    """, group="take"),
    feature("reward-mint", "mint", """
    mapping(address => uint256) public staked;
    mapping(address => uint256) public since;
    uint256 public reward;
    function setReward(uint256 to) public auth { require(to <= 10**9); reward = to; }
    function stake(uint256 amount) public {
        require(staked[msg.sender] == 0 && amount > 0);
        _shift(msg.sender, address(this), amount);
        staked[msg.sender] = amount;
        since[msg.sender] = block.timestamp;
    }
    function unstake() public {
        uint256 amount = staked[msg.sender];
        require(amount > 0);
        staked[msg.sender] = 0;
        _shift(address(this), msg.sender, amount);
        _make(msg.sender, amount / 10**9 * reward / 10**9 * (block.timestamp - since[msg.sender]) / 365 days);
    }
    """, group="stake"),
    feature("stake", "", """
    mapping(address => uint256) public staked;
    function stake(uint256 amount) public {
        _shift(msg.sender, address(this), amount);
        staked[msg.sender] += amount;
    }
    function unstake(uint256 amount) public {
        require(staked[msg.sender] >= amount);
        staked[msg.sender] -= amount;
        _shift(address(this), msg.sender, amount);
    }
    """, group="stake"),
    feature("vesting", "", """
    mapping(address => uint256) public vested;
    mapping(address => uint256) public until;
    function lockOwn(address forWhom, uint256 amount, uint256 time) public {
        require(vested[forWhom] == 0 && time > block.timestamp);
        _shift(msg.sender, address(this), amount);
        vested[forWhom] = amount;
        until[forWhom] = time;
    }
    function release() public {
        require(block.timestamp >= until[msg.sender]);
        uint256 amount = vested[msg.sender];
        vested[msg.sender] = 0;
        _shift(address(this), msg.sender, amount);
    }
    """, group="stake"),
    feature("airdrop", "", """
    function airdrop(address[] memory to, uint256 amount) public {
        for (uint256 at = 0; at < to.length; at++) _shift(msg.sender, to[at], amount);
    }
    """),
    feature("claim", "", """
    bytes32 public root;
    mapping(address => bool) public claimed;
    function setRoot(bytes32 to) public auth { root = to; }
    function claim(uint256 amount, bytes32[] memory proof) public {
        require(!claimed[msg.sender]);
        bytes32 node = keccak256(abi.encodePacked(msg.sender, amount));
        for (uint256 at = 0; at < proof.length; at++) {
            node = node < proof[at] ? keccak256(abi.encodePacked(node, proof[at]))
                : keccak256(abi.encodePacked(proof[at], node));
        }
        require(node == root);
        claimed[msg.sender] = true;
        _shift(address(this), msg.sender, amount);
    }
    """, group="stake"),
    feature("sale", "", """
    uint256 public price = 10**15;
    function buy() public payable {
        require(msg.value >= price);
        _make(msg.sender, msg.value * 1000);
    }
    function withdraw() public auth { _pay(msg.sender, address(this).balance); }
    """, group="money"),
    feature("wrapper", "", """
    event Deposit(address indexed who, uint256 amount);
    function deposit() public payable { _make(msg.sender, msg.value); emit Deposit(msg.sender, msg.value); }
    function withdraw(uint256 amount) public {
        _destroy(msg.sender, amount);
        _pay(msg.sender, amount);
    }
    """, group="money"),
    feature("rescue", "", """
    function rescueTokens(address token, address to, uint256 amount) public auth {
        require(token != address(this));
        require(IPlain(token).transfer(to, amount));
    }
    function rescueMoney() public auth { _pay(msg.sender, address(this).balance); }
    @receive
    """, group="money"),
)  # fmt: skip
