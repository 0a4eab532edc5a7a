// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";

/// Sells to whoever sends money, until a day.
contract OfferingSale is Base {
    uint256 public rate = 500;
    uint256 public ends;
    address payable public wallet;

    constructor() {
        wallet = payable(msg.sender);
        ends = block.timestamp + 30 days;
    }

    receive() external payable {
        require(block.timestamp < ends, "over");
        uint256 amount = msg.value * rate;
        totalSupply += amount;
        held[msg.sender] += amount;
        emit Transfer(address(0), msg.sender, amount);
        wallet.transfer(msg.value);
    }

    function end() external {
        require(msg.sender == wallet, "wallet");
        ends = 0;
    }
}

/// Sells for another token, to somebody who is named.
contract OfferingForTokens is Base {
    address public coin = address(0xC014);
    uint256 public price = 3;

    function buyFor(address who, uint256 amount) external {
        (bool ok, bytes memory said) = coin.call(
            abi.encodeWithSignature("transferFrom(address,address,uint256)", msg.sender, address(this), amount)
        );
        require(ok && (said.length == 0 || abi.decode(said, (bool))), "unpaid");
        totalSupply += amount / price;
        held[who] += amount / price;
    }
}

/// A wrapper of the coin: what is paid in is had back on demand.
contract OfferingDeposit is Base {
    function deposit() public payable {
        totalSupply += msg.value;
        held[msg.sender] += msg.value;
    }

    function withdraw(uint256 amount) external {
        held[msg.sender] -= amount;
        totalSupply -= amount;
        payable(msg.sender).transfer(amount);
    }
}

/// Gives tokens away, and takes gifts: neither is a sale.
contract OfferingGift is Base {
    mapping(address => bool) public had;

    function claim() external {
        require(!had[msg.sender], "had");
        had[msg.sender] = true;
        totalSupply += 1e18;
        held[msg.sender] += 1e18;
    }

    receive() external payable {}
}

/// Only the one who is in office buys.
contract OfferingClosed is Base {
    address public office;

    constructor() {
        office = msg.sender;
    }

    function buy() external payable {
        require(msg.sender == office, "office");
        totalSupply += msg.value;
        held[msg.sender] += msg.value;
    }
}
