# ruff: noqa: E501 (Solidity)
"""Bases: the token that a feature is put into, written for each library and each compiler it takes."""

from __future__ import annotations

from dataclasses import dataclass

HEAD = """
interface IRule { function canTransfer(address from, address to, uint256 amount) external view returns (bool); }
interface IPlain { function transfer(address to, uint256 amount) external returns (bool); }
"""
TREASURY = "address(uint160(0x007ea50000000000000000000000000000000000f1))"
_MODERN = {
    "@receive": "receive() external payable {}",
    "@end": "selfdestruct(payable(msg.sender))",
    "@delegate": "(bool ok,) = module.delegatecall(data); require(ok)",
    "@pay": "payable(to).transfer(amount)",
    "@virtual": "virtual", "@override": "override", "@public": "", "@balance": "memory",
}  # fmt: skip
_OLD = {
    "@receive": "function() external payable {}",
    "@end": "selfdestruct(msg.sender)",
    "@delegate": "(bool ok,) = module.delegatecall(data); require(ok)",
    "@pay": "address(uint160(to)).transfer(amount)",
    "@virtual": "", "@override": "", "@public": "public",
}  # fmt: skip
WORDS = {
    "0.4.26": {**_OLD, "@delegate": "require(module.delegatecall(data))", "@pay": "to.transfer(amount)"},
    "0.5.17": _OLD, "0.6.12": {**_MODERN, "@public": "public"}, "0.7.6": _MODERN, "0.8.9": _MODERN,
    "0.8.20": _MODERN, "0.8.28": _MODERN, "0.8.37": _MODERN,
}  # fmt: skip

_HOOKS = """
    function _pay(address to, uint256 amount) internal { @pay; }
    function _before(address from, address to, uint256 amount) internal { @BEFORE }
    function _charge(address from, address to, uint256 amount) internal returns (uint256 fee) { @FEE }
"""
_OWNER = """
    address public owner;
    modifier auth() { require(msg.sender == owner, "owner only"); _; }
    function transferOwnership(address to) public auth { require(to != address(0)); owner = to; }
    function renounceOwnership() public auth { owner = address(0); }
"""
_WARDS = """
    mapping(address => uint256) public wards;
    modifier auth() { require(wards[msg.sender] == 1, "not authorized"); _; }
    function rely(address who) public auth { wards[who] = 1; }
    function deny(address who) public auth { wards[who] = 0; }
"""
_OWN = """
contract Control {
    string public constant name = "Control"; string public constant symbol = "CTRL"; uint8 public constant decimals = 18;
    uint256 internal supply;
    mapping(address => uint256) internal held;
    mapping(address => mapping(address => uint256)) public allowance;
    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed holder, address indexed spender, uint256 value);
    @ACCESS
    constructor() @public { @SETUP _make(msg.sender, 10**27); }
    function totalSupply() public view returns (uint256) { return supply; }
    function balanceOf(address who) public view returns (uint256) { return held[who]; }
    function approve(address to, uint256 amount) public returns (bool) {
        allowance[msg.sender][to] = amount; emit Approval(msg.sender, to, amount); return true;
    }
    function transfer(address to, uint256 amount) public returns (bool) { _transfer(msg.sender, to, amount); return true; }
    function transferFrom(address from, address to, uint256 amount) public returns (bool) {
        require(allowance[from][msg.sender] >= amount);
        allowance[from][msg.sender] -= amount; _transfer(from, to, amount); return true;
    }
    function _transfer(address from, address to, uint256 amount) internal {
        require(to != address(0));
        _before(from, to, amount);
        uint256 fee = _charge(from, to, amount);
        if (fee > 0) _shift(from, @TREASURY, fee);
        _shift(from, to, amount - fee);
    }
    function _shift(address from, address to, uint256 amount) internal {
        require(held[from] >= amount);
        held[from] -= amount; held[to] += amount; emit Transfer(from, to, amount);
    }
    function _make(address to, uint256 amount) internal {
        require(supply + amount >= supply);
        supply += amount; held[to] += amount; emit Transfer(address(0), to, amount);
    }
    function _destroy(address from, uint256 amount) internal {
        require(held[from] >= amount);
        held[from] -= amount; supply -= amount; emit Transfer(from, address(0), amount);
    }
    function _held(address who) internal view returns (uint256) { return held[who]; }
    function _supply() internal view returns (uint256) { return supply; }
    @HOOKS @BODY
}
"""
_OZ_COMMON = """
    function _make(address to, uint256 amount) internal { _mint(to, amount); }
    function _destroy(address from, uint256 amount) internal { _burn(from, amount); }
    function _held(address who) internal view returns (uint256) { return balanceOf(who); }
    function _supply() internal view returns (uint256) { return totalSupply(); }
    @HOOKS @BODY
"""
_OZ = """
    @ACCESS
    constructor() ERC20("Control", "CTRL") @OWNING @public { @SETUP _mint(msg.sender, 10**27); }
    function _transfer(address from, address to, uint256 amount) internal @virtual @override {
        _before(from, to, amount);
        uint256 fee = _charge(from, to, amount);
        if (fee > 0) super._transfer(from, @TREASURY, fee);
        super._transfer(from, to, amount - fee);
    }
    function _shift(address from, address to, uint256 amount) internal { super._transfer(from, to, amount); }
"""
_OZ2 = _OZ.replace('ERC20("Control", "CTRL") @OWNING ', "")
_OZ5 = """
    @ACCESS
    constructor() ERC20("Control", "CTRL") @OWNING { @SETUP _mint(msg.sender, 10**27); }
    function _update(address from, address to, uint256 amount) internal override {
        if (from != address(0) && to != address(0)) {
            _before(from, to, amount);
            uint256 fee = _charge(from, to, amount);
            if (fee > 0) super._update(from, @TREASURY, fee);
            amount -= fee;
        }
        super._update(from, to, amount);
    }
    function _shift(address from, address to, uint256 amount) internal { super._update(from, to, amount); }
"""
_OZ1 = """
    @ACCESS
    constructor() public { @SETUP _make(msg.sender, 10**27); }
    function transfer(address to, uint256 amount) public returns (bool) {
        _before(msg.sender, to, amount);
        uint256 fee = _charge(msg.sender, to, amount);
        if (fee > 0) super.transfer(@TREASURY, fee);
        return super.transfer(to, amount - fee);
    }
    function transferFrom(address from, address to, uint256 amount) public returns (bool) {
        _before(from, to, amount);
        uint256 fee = _charge(from, to, amount);
        if (fee > 0) super.transferFrom(from, @TREASURY, fee);
        return super.transferFrom(from, to, amount - fee);
    }
    function _shift(address from, address to, uint256 amount) internal {
        balances[from] = balances[from].sub(amount); balances[to] = balances[to].add(amount);
        emit Transfer(from, to, amount);
    }
    function _make(address to, uint256 amount) internal {
        totalSupply_ = totalSupply_.add(amount); balances[to] = balances[to].add(amount);
        emit Transfer(address(0), to, amount);
    }
    function _destroy(address from, uint256 amount) internal {
        balances[from] = balances[from].sub(amount); totalSupply_ = totalSupply_.sub(amount);
        emit Transfer(from, address(0), amount);
    }
    function _held(address who) internal view returns (uint256) { return balances[who]; }
    function _supply() internal view returns (uint256) { return totalSupply_; }
    @HOOKS @BODY
"""
_SOLADY = """
    @ACCESS
    constructor() { @SETUP _mint(msg.sender, 10**27); }
    function name() public pure override returns (string memory) { return "Control"; }
    function symbol() public pure override returns (string memory) { return "CTRL"; }
    function transfer(address to, uint256 amount) public override returns (bool) {
        _before(msg.sender, to, amount);
        uint256 fee = _charge(msg.sender, to, amount);
        if (fee > 0) _transfer(msg.sender, @TREASURY, fee);
        return super.transfer(to, amount - fee);
    }
    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        _before(from, to, amount);
        uint256 fee = _charge(from, to, amount);
        if (fee > 0) super.transferFrom(from, @TREASURY, fee);
        return super.transferFrom(from, to, amount - fee);
    }
    function _shift(address from, address to, uint256 amount) internal { _transfer(from, to, amount); }
"""
_LIBRARY_OWNER = "modifier auth() { _checkOwner(); _; }"
_EARLY_OWNER = 'modifier auth() { require(owner() == msg.sender, "owner only"); _; }'
_ROLE = """
    bytes32 public constant KEEPER = keccak256("KEEPER");
    modifier auth() { _checkRole(KEEPER); _; }
"""


@dataclass(frozen=True)
class Base:
    """A library, the compilers it is taken to, and its ways of saying who holds the power: by name, what
    stands before the contract, the code in it, the constructor's part and its setup."""

    name: str
    compilers: tuple[str, ...]
    text: str
    access: tuple[tuple[str, str, str, str, str], ...]


def _contract(imports: str, parents: str, text: str) -> str:
    lines = "".join(f'import "{one}";\n' for one in imports.split())
    return f"{lines}@HEAD\ncontract Control is {parents}@PARENT {{{text}}}\n"


def _oz(package: str, text: str) -> str:
    return _contract(f"{package}/token/ERC20/ERC20.sol", "ERC20", text + _OZ_COMMON)


_PLAIN = ("own", "", _OWNER, "", "owner = msg.sender;")
_RELY = ("wards", "", _WARDS, "", "wards[msg.sender] = 1;")


def _ownable(place: str, modifier: str, owning: str = "", name: str = "Ownable") -> tuple[str, ...]:
    return (name, f"{place}/{name}.sol", modifier, owning, "")


BASES = (
    Base("own", ("0.4.26", "0.5.17", "0.6.12", "0.7.6", "0.8.9", "0.8.20", "0.8.28", "0.8.37"),
         "@HEAD" + _OWN, (_PLAIN, _RELY)),
    Base("oz-1", ("0.4.26",),
         _contract("oz-1/contracts/token/ERC20/StandardToken.sol", "StandardToken", _OZ1),
         (("Ownable", "oz-1/contracts/ownership/Ownable.sol", "modifier auth() { require(owner == msg.sender); _; }", "", ""), _RELY)),
    Base("oz-2", ("0.5.17",), _oz("oz-2", _OZ2),
         (("Ownable", "oz-2/ownership/Ownable.sol", "modifier auth() { require(isOwner()); _; }", "", ""), _PLAIN)),
    Base("oz-3", ("0.6.12",), _oz("oz-3", _OZ),
         (_ownable("oz-3/access", _EARLY_OWNER),
          ("AccessControl", "oz-3/access/AccessControl.sol",
           _ROLE.replace("_checkRole(KEEPER)", "require(hasRole(KEEPER, msg.sender))"), "",
           "_setupRole(KEEPER, msg.sender);"))),
    Base("oz-3-7", ("0.7.6",), _oz("oz-3-7", _OZ), (_ownable("oz-3-7/access", _EARLY_OWNER), _RELY)),
    Base("oz-4.3", ("0.8.9",), _oz("oz-4.3", _OZ),
         (_ownable("oz-4.3/access", _EARLY_OWNER), _PLAIN)),
    Base("oz-4.9", ("0.8.20",), _oz("oz-4.9", _OZ),
         (_ownable("oz-4.9/access", _LIBRARY_OWNER),
          _ownable("oz-4.9/access", _LIBRARY_OWNER, name="Ownable2Step"),
          ("AccessControl", "oz-4.9/access/AccessControl.sol", _ROLE, "", "_grantRole(KEEPER, msg.sender);"))),
    Base("oz-5.0", ("0.8.20", "0.8.28"), _oz("oz-5.0", _OZ5),
         (_ownable("oz-5.0/access", _LIBRARY_OWNER, "Ownable(msg.sender)"),
          ("AccessControl", "oz-5.0/access/AccessControl.sol", _ROLE, "", "_grantRole(KEEPER, msg.sender);"))),
    Base("oz-5", ("0.8.28", "0.8.37"), _oz("oz-5", _OZ5),
         (_ownable("oz-5/access", _LIBRARY_OWNER, "Ownable(msg.sender)"),
          ("Ownable2Step", "oz-5/access/Ownable2Step.sol", _LIBRARY_OWNER, "Ownable(msg.sender)", ""),
          ("AccessControl", "oz-5/access/AccessControl.sol", _ROLE, "", "_grantRole(KEEPER, msg.sender);"))),
    Base("solady", ("0.8.28", "0.8.37"),
         _contract("solady/src/tokens/ERC20.sol", "ERC20", _SOLADY + _OZ_COMMON),
         (("Ownable", "solady/src/auth/Ownable.sol", _LIBRARY_OWNER, "", "_initializeOwner(msg.sender);"),
          ("OwnableRoles", "solady/src/auth/OwnableRoles.sol", "modifier auth() { _checkRoles(1); _; }", "",
           "_initializeOwner(msg.sender); _grantRoles(msg.sender, 1);"))),
)  # fmt: skip


def assembled(
    base: Base, access: tuple[str, ...], compiler: str, before: str, fee: str, setup: str, body: str
) -> str:
    """The source of one token."""
    name, path, code, owning, start = access
    text = base.text.replace("@HOOKS", _HOOKS).replace("@BODY", body).replace("@ACCESS", code)
    text = text.replace("@SETUP", start + setup).replace("@OWNING", owning)
    text = text.replace("@BEFORE", before).replace("@FEE", fee).replace("@TREASURY", TREASURY)
    text = text.replace("@HEAD", HEAD).replace("@PARENT", f", {name}" if path else "")
    for word, meaning in sorted(WORDS[compiler].items(), key=lambda pair: -len(pair[0])):
        text = text.replace(word, meaning)
    load = f'import "{path}";\n' if path else ""
    return f"// SPDX-License-Identifier: Apache-2.0\npragma solidity {compiler};\n{load}{text}"
