# ruff: noqa: E501 (Solidity)
"""Stand-ins: well-known tokens whose genuine sources no package ships, written anew with the same functions.

They are not the genuine contracts: what is said of them says nothing of the code on a chain.
"""

from __future__ import annotations

_HEAD = "// SPDX-License-Identifier: Apache-2.0\npragma solidity "
_ERC20 = """
    mapping(address => uint256) internal held;
    mapping(address => mapping(address => uint256)) internal allowed;
    uint256 internal supply;
    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed holder, address indexed spender, uint256 value);
    function totalSupply() public view returns (uint256) { return supply; }
    function allowance(address a, address b) public view returns (uint256) { return allowed[a][b]; }
"""
USDC = (
    _HEAD
    + "0.6.12;\ncontract Control {"
    + _ERC20
    + """
    address public owner; address public pauser; address public blacklister; address public masterMinter;
    address public rescuer; bool public paused;
    mapping(address => bool) internal minters; mapping(address => uint256) internal minterAllowed;
    mapping(address => bool) internal blacklisted; mapping(address => mapping(bytes32 => bool)) internal used;
    mapping(address => uint256) public nonces;
    modifier only(address who) { require(msg.sender == who); _; }
    modifier whenNotPaused() { require(!paused); _; }
    modifier clean(address who) { require(!blacklisted[who]); _; }
    constructor() public { owner = pauser = blacklister = masterMinter = msg.sender; }
    function balanceOf(address who) public view returns (uint256) { return held[who]; }
    function isBlacklisted(address who) public view returns (bool) { return blacklisted[who]; }
    function transferOwnership(address to) public only(owner) { require(to != address(0)); owner = to; }
    function updatePauser(address to) public only(owner) { pauser = to; }
    function updateBlacklister(address to) public only(owner) { blacklister = to; }
    function updateMasterMinter(address to) public only(owner) { masterMinter = to; }
    function updateRescuer(address to) public only(owner) { rescuer = to; }
    function pause() public only(pauser) { paused = true; }
    function unpause() public only(pauser) { paused = false; }
    function blacklist(address who) public only(blacklister) { blacklisted[who] = true; }
    function unBlacklist(address who) public only(blacklister) { blacklisted[who] = false; }
    function configureMinter(address who, uint256 amount) public whenNotPaused only(masterMinter) returns (bool) {
        minters[who] = true; minterAllowed[who] = amount; return true;
    }
    function removeMinter(address who) public only(masterMinter) { minters[who] = false; minterAllowed[who] = 0; }
    function mint(address to, uint256 amount)
        public whenNotPaused clean(msg.sender) clean(to) returns (bool)
    {
        require(minters[msg.sender] && to != address(0) && amount > 0 && amount <= minterAllowed[msg.sender]);
        supply += amount; held[to] += amount; minterAllowed[msg.sender] -= amount;
        emit Transfer(address(0), to, amount); return true;
    }
    function burn(uint256 amount) public whenNotPaused clean(msg.sender) {
        require(minters[msg.sender] && amount > 0 && held[msg.sender] >= amount);
        supply -= amount; held[msg.sender] -= amount; emit Transfer(msg.sender, address(0), amount);
    }
    function approve(address to, uint256 amount)
        public whenNotPaused clean(msg.sender) clean(to) returns (bool)
    {
        _approve(msg.sender, to, amount); return true;
    }
    function transfer(address to, uint256 amount)
        public whenNotPaused clean(msg.sender) clean(to) returns (bool)
    {
        _move(msg.sender, to, amount); return true;
    }
    function transferFrom(address from, address to, uint256 amount)
        public whenNotPaused clean(msg.sender) clean(from) clean(to) returns (bool)
    {
        require(amount <= allowed[from][msg.sender]);
        _move(from, to, amount); allowed[from][msg.sender] -= amount; return true;
    }
    function transferWithAuthorization(
        address from, address to, uint256 amount, uint256 after_, uint256 before, bytes32 nonce, uint8 v, bytes32 r, bytes32 s
    ) public whenNotPaused clean(from) clean(to) {
        require(now > after_ && now < before && !used[from][nonce]);
        bytes32 digest = keccak256(abi.encode(address(this), from, to, amount, after_, before, nonce));
        address signer = ecrecover(digest, v, r, s);
        require(signer != address(0) && signer == from);
        used[from][nonce] = true; _move(from, to, amount);
    }
    function permit(address from, address to, uint256 amount, uint256 before, uint8 v, bytes32 r, bytes32 s)
        public whenNotPaused clean(from) clean(to)
    {
        require(now <= before);
        bytes32 digest = keccak256(abi.encode(address(this), from, to, amount, nonces[from]++, before));
        address signer = ecrecover(digest, v, r, s);
        require(signer != address(0) && signer == from);
        _approve(from, to, amount);
    }
    function rescueERC20(IERC20 token, address to, uint256 amount) public only(rescuer) {
        require(token.transfer(to, amount));
    }
    function _approve(address from, address to, uint256 amount) internal {
        require(from != address(0) && to != address(0));
        allowed[from][to] = amount; emit Approval(from, to, amount);
    }
    function _move(address from, address to, uint256 amount) internal {
        require(from != address(0) && to != address(0) && amount <= held[from]);
        held[from] -= amount; held[to] += amount; emit Transfer(from, to, amount);
    }
}
interface IERC20 { function transfer(address to, uint256 amount) external returns (bool); }
"""
)
MKR = (
    _HEAD
    + "0.4.26;"
    + """
interface Authority { function canCall(address who, address where, bytes4 what) external view returns (bool); }
contract Control {"""
    + _ERC20
    + """
    address public owner; Authority public authority; bool public stopped; bytes32 public symbol = "CTRL";
    modifier auth { require(may(msg.sender, msg.sig)); _; }
    modifier stoppable { require(!stopped); _; }
    constructor() public { owner = msg.sender; supply = 10**27; held[msg.sender] = 10**27; }
    function may(address who, bytes4 what) internal view returns (bool) {
        if (who == address(this) || who == owner) return true;
        if (authority == Authority(0)) return false;
        return authority.canCall(who, this, what);
    }
    function setOwner(address to) public auth { owner = to; }
    function setAuthority(Authority to) public auth { authority = to; }
    function setName(bytes32 to) public auth { symbol = to; }
    function stop() public auth { stopped = true; }
    function start() public auth { stopped = false; }
    function balanceOf(address who) public view returns (uint256) { return held[who]; }
    function approve(address to, uint256 amount) public stoppable returns (bool) {
        allowed[msg.sender][to] = amount; emit Approval(msg.sender, to, amount); return true;
    }
    function transfer(address to, uint256 amount) public returns (bool) { return transferFrom(msg.sender, to, amount); }
    function transferFrom(address from, address to, uint256 amount) public stoppable returns (bool) {
        _spend(from, amount);
        require(held[from] >= amount && held[to] + amount >= amount);
        held[from] -= amount; held[to] += amount; emit Transfer(from, to, amount); return true;
    }
    function push(address to, uint256 amount) public { transferFrom(msg.sender, to, amount); }
    function pull(address from, uint256 amount) public { transferFrom(from, msg.sender, amount); }
    function move(address from, address to, uint256 amount) public { transferFrom(from, to, amount); }
    function mint(uint256 amount) public { mint(msg.sender, amount); }
    function burn(uint256 amount) public { burn(msg.sender, amount); }
    function mint(address to, uint256 amount) public auth stoppable {
        require(supply + amount >= supply);
        held[to] += amount; supply += amount; emit Transfer(address(0), to, amount);
    }
    function burn(address from, uint256 amount) public auth stoppable {
        _spend(from, amount);
        require(held[from] >= amount);
        held[from] -= amount; supply -= amount; emit Transfer(from, address(0), amount);
    }
    function _spend(address from, uint256 amount) internal {
        if (from != msg.sender && allowed[from][msg.sender] != uint256(-1)) {
            require(allowed[from][msg.sender] >= amount); allowed[from][msg.sender] -= amount;
        }
    }
}
"""
)
USDT = (
    _HEAD
    + "0.4.26;"
    + """
interface Upgraded {
    function transferByLegacy(address from, address to, uint256 amount) external;
    function balanceOf(address who) external view returns (uint256);
}
contract Control {"""
    + _ERC20
    + """
    address public owner; bool public paused; bool public deprecated; address public upgradedAddress;
    mapping(address => bool) public isBlackListed; uint256 public basisPointsRate; uint256 public maximumFee;
    modifier onlyOwner() { require(msg.sender == owner); _; }
    constructor() public { owner = msg.sender; supply = 10**27; held[owner] = supply; }
    function transferOwnership(address to) public onlyOwner { if (to != address(0)) owner = to; }
    function balanceOf(address who) public view returns (uint256) {
        if (deprecated) return Upgraded(upgradedAddress).balanceOf(who);
        return held[who];
    }
    function transfer(address to, uint256 amount) public {
        require(!paused && !isBlackListed[msg.sender]);
        if (deprecated) return Upgraded(upgradedAddress).transferByLegacy(msg.sender, to, amount);
        _move(msg.sender, to, amount);
    }
    function transferFrom(address from, address to, uint256 amount) public {
        require(!paused && !isBlackListed[from] && allowed[from][msg.sender] >= amount);
        if (allowed[from][msg.sender] < uint256(-1)) allowed[from][msg.sender] -= amount;
        _move(from, to, amount);
    }
    function _move(address from, address to, uint256 amount) internal {
        uint256 fee = amount / 10000 * basisPointsRate;
        if (fee > maximumFee) fee = maximumFee;
        require(held[from] >= amount && held[to] + amount >= amount);
        held[from] -= amount; held[to] += amount - fee;
        if (fee > 0) { held[owner] += fee; emit Transfer(from, owner, fee); }
        emit Transfer(from, to, amount - fee);
    }
    function approve(address to, uint256 amount) public {
        require(amount == 0 || allowed[msg.sender][to] == 0);
        allowed[msg.sender][to] = amount; emit Approval(msg.sender, to, amount);
    }
    function pause() public onlyOwner { require(!paused); paused = true; }
    function unpause() public onlyOwner { require(paused); paused = false; }
    function addBlackList(address who) public onlyOwner { isBlackListed[who] = true; }
    function removeBlackList(address who) public onlyOwner { isBlackListed[who] = false; }
    function destroyBlackFunds(address who) public onlyOwner {
        require(isBlackListed[who]);
        uint256 dirty = balanceOf(who); held[who] = 0; supply -= dirty;
    }
    function deprecate(address to) public onlyOwner { deprecated = true; upgradedAddress = to; }
    function issue(uint256 amount) public onlyOwner {
        require(supply + amount > supply && held[owner] + amount > held[owner]);
        held[owner] += amount; supply += amount;
    }
    function redeem(uint256 amount) public onlyOwner {
        require(supply >= amount && held[owner] >= amount);
        supply -= amount; held[owner] -= amount;
    }
    function setParams(uint256 rate, uint256 most) public onlyOwner {
        require(rate < 20 && most < 50); basisPointsRate = rate; maximumFee = most * 10**18;
    }
}
"""
)
STAND_INS = (
    ("USDC stand-in", "0.6.12", USDC, "mint pause_transfers freeze_account"),
    ("MKR stand-in", "0.4.26", MKR, "mint pause_transfers"),
    (
        "USDT stand-in",
        "0.4.26",
        USDT,
        "mint pause_transfers freeze_account burn_others set_fee external_call",
    ),
)
