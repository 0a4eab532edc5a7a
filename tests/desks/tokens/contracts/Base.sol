// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// A plain token with an owner and the place where a trick goes: `_before` may refuse, `_tax` may take.
abstract contract Base {
    string public constant name = "Trick";
    string public constant symbol = "TRICK";
    uint8 public constant decimals = 18;
    uint256 public totalSupply;
    mapping(address => uint256) internal held;
    mapping(address => mapping(address => uint256)) public allowance;
    address public owner;
    address internal pair; // no getter: a reader of names learns nothing

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    modifier onlyOwner() {
        require(msg.sender == owner, "not the owner");
        _;
    }

    constructor() {
        owner = msg.sender;
        totalSupply = 1e27;
        held[msg.sender] = 1e27;
    }

    function setPair(address to) external onlyOwner {
        pair = to;
    }

    function balanceOf(address who) public view virtual returns (uint256) {
        return held[who];
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        emit Approval(msg.sender, spender, amount);
        return true;
    }

    function transfer(address to, uint256 amount) external virtual returns (bool) {
        _move(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) public virtual returns (bool) {
        allowance[from][msg.sender] -= amount;
        _move(from, to, amount);
        return true;
    }

    function _before(address from, address to, uint256 amount) internal virtual {}

    /// In ten thousandths.
    function _tax(address, address) internal view virtual returns (uint256) {
        return 0;
    }

    function _move(address from, address to, uint256 amount) internal virtual {
        _before(from, to, amount);
        uint256 tax = amount * _tax(from, to) / 10000;
        held[from] -= amount;
        held[to] += amount - tax;
        held[address(this)] += tax;
        emit Transfer(from, to, amount - tax);
    }
}
