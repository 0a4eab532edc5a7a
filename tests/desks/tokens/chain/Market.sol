// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Coin} from "./Things.sol";

/// What is taken of purchases and sales, who may trade and who may not: all set after it was made.
contract Taxed is Coin {
    mapping(address => bool) internal pools;
    mapping(address => bool) internal barred;
    bool internal closed;
    uint256 internal buyRate;
    uint256 internal sellRate;

    function setPool(address to, bool yes) external {
        require(msg.sender == owner);
        pools[to] = yes;
    }

    function setRates(uint256 buys, uint256 sells) external {
        require(msg.sender == owner && buys <= 2500 && sells <= 2500);
        (buyRate, sellRate) = (buys, sells);
    }

    function setClosed(bool yes) external {
        require(msg.sender == owner);
        closed = yes;
    }

    function bar(address who, bool yes) external {
        require(msg.sender == owner);
        barred[who] = yes;
    }

    function transfer(address to, uint256 amount) external override returns (bool) {
        _give(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external override returns (bool) {
        allowance[from][msg.sender] -= amount;
        _give(from, to, amount);
        return true;
    }

    function _give(address from, address to, uint256 amount) internal {
        require(!closed || from == owner || to == owner, "closed");
        require(!barred[to], "barred");
        uint256 rate = pools[from] ? buyRate : pools[to] ? sellRate : 0;
        uint256 fee = amount * rate / 10000;
        balanceOf[from] -= amount;
        balanceOf[to] += amount - fee;
        balanceOf[address(this)] += fee;
        emit Transfer(from, to, amount - fee);
    }
}
