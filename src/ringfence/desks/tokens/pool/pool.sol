// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// A constant-product pool for token trials: x * y = k, with 0.3 % of what comes in kept in the pool.
// Written from that formula; selectors, events and argument order are those that tokens call on Uniswap V2.
// It serves trials in a private machine only: shares carry no permit, no oracle and no protocol fee.

interface Coin {
    function balanceOf(address who) external view returns (uint256);
}

interface Native {
    function deposit() external payable;
    function withdraw(uint256 amount) external;
}

/// Tokens that answer nothing are taken at their word; those that answer "no" are not.
library Move {
    function send(address coin, address to, uint256 amount) internal {
        _call(coin, abi.encodeWithSelector(0xa9059cbb, to, amount));
    }

    function take(address coin, address from, address to, uint256 amount) internal {
        _call(coin, abi.encodeWithSelector(0x23b872dd, from, to, amount));
    }

    function _call(address coin, bytes memory data) private {
        (bool good, bytes memory said) = coin.call(data);
        require(good && (said.length == 0 || abi.decode(said, (bool))), "TRANSFER_FAILED");
    }
}

/// What a pool share and the wrapped native coin have in common.
abstract contract Shares {
    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;
    uint8 public constant decimals = 18;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        emit Approval(msg.sender, spender, amount);
        return true;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        _move(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        uint256 allowed = allowance[from][msg.sender];
        if (from != msg.sender && allowed != type(uint256).max) allowance[from][msg.sender] = allowed - amount;
        _move(from, to, amount);
        return true;
    }

    function _move(address from, address to, uint256 amount) internal {
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
        emit Transfer(from, to, amount);
    }

    function _issue(address to, uint256 amount) internal {
        totalSupply += amount;
        balanceOf[to] += amount;
        emit Transfer(address(0), to, amount);
    }

    function _redeem(address from, uint256 amount) internal {
        balanceOf[from] -= amount;
        totalSupply -= amount;
        emit Transfer(from, address(0), amount);
    }
}

contract Wrapped is Shares {
    string public constant name = "Wrapped native coin";
    string public constant symbol = "WNATIVE";

    event Deposit(address indexed to, uint256 amount);
    event Withdrawal(address indexed from, uint256 amount);

    receive() external payable {
        deposit();
    }

    function deposit() public payable {
        _issue(msg.sender, msg.value);
        emit Deposit(msg.sender, msg.value);
    }

    function withdraw(uint256 amount) external {
        _redeem(msg.sender, amount);
        (bool good,) = msg.sender.call{value: amount}("");
        require(good, "NATIVE_TRANSFER_FAILED");
        emit Withdrawal(msg.sender, amount);
    }
}

contract Pair is Shares {
    string public constant name = "Pool share";
    string public constant symbol = "SHARE";
    uint256 public constant MINIMUM_LIQUIDITY = 1000;

    address public factory;
    address public token0;
    address public token1;
    uint112 private reserve0;
    uint112 private reserve1;
    uint32 private when;
    uint256 private entered;

    event Mint(address indexed sender, uint256 amount0, uint256 amount1);
    event Burn(address indexed sender, uint256 amount0, uint256 amount1, address indexed to);
    event Swap(
        address indexed sender,
        uint256 amount0In,
        uint256 amount1In,
        uint256 amount0Out,
        uint256 amount1Out,
        address indexed to
    );
    event Sync(uint112 reserve0, uint112 reserve1);

    modifier once() {
        require(entered == 0, "LOCKED");
        entered = 1;
        _;
        entered = 0;
    }

    function initialize(address one, address two) external {
        require(factory == address(0), "FORBIDDEN");
        (factory, token0, token1) = (msg.sender, one, two);
    }

    function getReserves() public view returns (uint112, uint112, uint32) {
        return (reserve0, reserve1, when);
    }

    function mint(address to) external once returns (uint256 shares) {
        (uint256 b0, uint256 b1) = _balances();
        uint256 in0 = b0 - reserve0;
        uint256 in1 = b1 - reserve1;
        if (totalSupply == 0) {
            shares = _root(in0 * in1) - MINIMUM_LIQUIDITY;
            _issue(address(0), MINIMUM_LIQUIDITY); // so that the last share is never worth everything
        } else {
            uint256 by0 = in0 * totalSupply / reserve0;
            uint256 by1 = in1 * totalSupply / reserve1;
            shares = by0 < by1 ? by0 : by1;
        }
        require(shares > 0, "INSUFFICIENT_LIQUIDITY_MINTED");
        _issue(to, shares);
        _write(b0, b1);
        emit Mint(msg.sender, in0, in1);
    }

    function burn(address to) external once returns (uint256 out0, uint256 out1) {
        (uint256 b0, uint256 b1) = _balances();
        uint256 shares = balanceOf[address(this)];
        out0 = shares * b0 / totalSupply;
        out1 = shares * b1 / totalSupply;
        require(out0 > 0 && out1 > 0, "INSUFFICIENT_LIQUIDITY_BURNED");
        _redeem(address(this), shares);
        Move.send(token0, to, out0);
        Move.send(token1, to, out1);
        (b0, b1) = _balances();
        _write(b0, b1);
        emit Burn(msg.sender, out0, out1, to);
    }

    function swap(uint256 out0, uint256 out1, address to, bytes calldata data) external once {
        require(out0 > 0 || out1 > 0, "INSUFFICIENT_OUTPUT_AMOUNT");
        (uint256 r0, uint256 r1) = (reserve0, reserve1);
        require(out0 < r0 && out1 < r1, "INSUFFICIENT_LIQUIDITY");
        require(to != token0 && to != token1, "INVALID_TO");
        require(data.length == 0, "NO_FLASH");
        if (out0 > 0) Move.send(token0, to, out0);
        if (out1 > 0) Move.send(token1, to, out1);
        (uint256 b0, uint256 b1) = _balances();
        uint256 in0 = b0 > r0 - out0 ? b0 - (r0 - out0) : 0;
        uint256 in1 = b1 > r1 - out1 ? b1 - (r1 - out1) : 0;
        require(in0 > 0 || in1 > 0, "INSUFFICIENT_INPUT_AMOUNT");
        require((b0 * 1000 - in0 * 3) * (b1 * 1000 - in1 * 3) >= r0 * r1 * 1000000, "K");
        _write(b0, b1);
        emit Swap(msg.sender, in0, in1, out0, out1, to);
    }

    function skim(address to) external once {
        (uint256 b0, uint256 b1) = _balances();
        Move.send(token0, to, b0 - reserve0);
        Move.send(token1, to, b1 - reserve1);
    }

    function sync() external once {
        (uint256 b0, uint256 b1) = _balances();
        _write(b0, b1);
    }

    function _balances() private view returns (uint256, uint256) {
        return (Coin(token0).balanceOf(address(this)), Coin(token1).balanceOf(address(this)));
    }

    function _write(uint256 b0, uint256 b1) private {
        require(b0 <= type(uint112).max && b1 <= type(uint112).max, "OVERFLOW");
        (reserve0, reserve1, when) = (uint112(b0), uint112(b1), uint32(block.timestamp));
        emit Sync(uint112(b0), uint112(b1));
    }

    function _root(uint256 square) private pure returns (uint256 root) {
        if (square == 0) return 0;
        root = square;
        uint256 next = square / 2 + 1;
        while (next < root) {
            root = next;
            next = (square / next + next) / 2;
        }
    }
}

contract Factory {
    mapping(address => mapping(address => address)) public getPair;
    address[] public allPairs;
    address public constant feeTo = address(0);

    event PairCreated(address indexed token0, address indexed token1, address pair, uint256 count);

    function allPairsLength() external view returns (uint256) {
        return allPairs.length;
    }

    function createPair(address one, address two) external returns (address pair) {
        require(one != two, "IDENTICAL_ADDRESSES");
        (address token0, address token1) = one < two ? (one, two) : (two, one);
        require(token0 != address(0), "ZERO_ADDRESS");
        require(getPair[token0][token1] == address(0), "PAIR_EXISTS");
        Pair made = new Pair{salt: keccak256(abi.encodePacked(token0, token1))}();
        made.initialize(token0, token1);
        pair = address(made);
        getPair[token0][token1] = pair;
        getPair[token1][token0] = pair;
        allPairs.push(pair);
        emit PairCreated(token0, token1, pair, allPairs.length);
    }
}

contract Router {
    address public factory;
    address public WETH;

    modifier before(uint256 deadline) {
        require(deadline >= block.timestamp, "EXPIRED");
        _;
    }

    constructor(address factory_, address native) {
        (factory, WETH) = (factory_, native);
    }

    receive() external payable {}

    function quote(uint256 amount, uint256 here, uint256 there) public pure returns (uint256) {
        require(amount > 0, "INSUFFICIENT_AMOUNT");
        require(here > 0 && there > 0, "INSUFFICIENT_LIQUIDITY");
        return amount * there / here;
    }

    function getAmountOut(uint256 amount, uint256 here, uint256 there) public pure returns (uint256) {
        require(amount > 0, "INSUFFICIENT_INPUT_AMOUNT");
        require(here > 0 && there > 0, "INSUFFICIENT_LIQUIDITY");
        return amount * 997 * there / (here * 1000 + amount * 997);
    }

    function getAmountIn(uint256 amount, uint256 here, uint256 there) public pure returns (uint256) {
        require(amount > 0, "INSUFFICIENT_OUTPUT_AMOUNT");
        require(here > 0 && there > amount, "INSUFFICIENT_LIQUIDITY");
        return here * amount * 1000 / ((there - amount) * 997) + 1;
    }

    function getAmountsOut(uint256 amount, address[] calldata path)
        public
        view
        returns (uint256[] memory amounts)
    {
        require(path.length >= 2, "INVALID_PATH");
        amounts = new uint256[](path.length);
        amounts[0] = amount;
        for (uint256 i = 0; i + 1 < path.length; ++i) {
            (, uint256 here, uint256 there) = _pool(path[i], path[i + 1]);
            amounts[i + 1] = getAmountOut(amounts[i], here, there);
        }
    }

    function getAmountsIn(uint256 amount, address[] calldata path)
        external
        view
        returns (uint256[] memory amounts)
    {
        require(path.length >= 2, "INVALID_PATH");
        amounts = new uint256[](path.length);
        amounts[path.length - 1] = amount;
        for (uint256 i = path.length - 1; i > 0; --i) {
            (, uint256 here, uint256 there) = _pool(path[i - 1], path[i]);
            amounts[i - 1] = getAmountIn(amounts[i], here, there);
        }
    }

    function addLiquidity(
        address one, address two, uint256 wanted1, uint256 wanted2, uint256 least1, uint256 least2,
        address to, uint256 deadline
    ) external before(deadline) returns (uint256 used1, uint256 used2, uint256 shares) {
        address pair;
        (pair, used1, used2) = _share(one, two, wanted1, wanted2, least1, least2);
        Move.take(one, msg.sender, pair, used1);
        Move.take(two, msg.sender, pair, used2);
        shares = Pair(pair).mint(to);
    }

    function addLiquidityETH(
        address coin, uint256 wanted, uint256 least, uint256 leastNative, address to, uint256 deadline
    ) external payable before(deadline) returns (uint256 used, uint256 native, uint256 shares) {
        address pair;
        (pair, used, native) = _share(coin, WETH, wanted, msg.value, least, leastNative);
        Move.take(coin, msg.sender, pair, used);
        Native(WETH).deposit{value: native}();
        Move.send(WETH, pair, native);
        shares = Pair(pair).mint(to);
        if (msg.value > native) _pay(msg.sender, msg.value - native);
    }

    function removeLiquidityETHSupportingFeeOnTransferTokens(
        address coin, uint256 shares, uint256 least, uint256 leastNative, address to, uint256 deadline
    ) external before(deadline) returns (uint256 native) {
        address pair = Factory(factory).getPair(coin, WETH);
        Pair(pair).transferFrom(msg.sender, pair, shares);
        (uint256 out0, uint256 out1) = Pair(pair).burn(address(this));
        native = coin < WETH ? out1 : out0;
        require((coin < WETH ? out0 : out1) >= least && native >= leastNative, "INSUFFICIENT_AMOUNT");
        Move.send(coin, to, Coin(coin).balanceOf(address(this)));
        Native(WETH).withdraw(native);
        _pay(to, native);
    }

    function swapExactTokensForTokens(
        uint256 amount, uint256 least, address[] calldata path, address to, uint256 deadline
    ) external before(deadline) returns (uint256[] memory amounts) {
        amounts = _strict(amount, least, path);
        Move.take(path[0], msg.sender, _pair(path[0], path[1]), amount);
        _steps(amounts, path, to);
    }

    function swapExactETHForTokens(uint256 least, address[] calldata path, address to, uint256 deadline)
        external
        payable
        before(deadline)
        returns (uint256[] memory amounts)
    {
        amounts = _strict(msg.value, least, path);
        _deposit(path);
        _steps(amounts, path, to);
    }

    function swapExactTokensForETH(
        uint256 amount, uint256 least, address[] calldata path, address to, uint256 deadline
    ) external before(deadline) returns (uint256[] memory amounts) {
        amounts = _strict(amount, least, path);
        Move.take(path[0], msg.sender, _pair(path[0], path[1]), amount);
        _steps(amounts, path, address(this));
        _withdraw(path, amounts[amounts.length - 1], to);
    }

    function swapExactTokensForTokensSupportingFeeOnTransferTokens(
        uint256 amount, uint256 least, address[] calldata path, address to, uint256 deadline
    ) external before(deadline) {
        Move.take(path[0], msg.sender, _pair(path[0], path[1]), amount);
        _arrive(least, path, to);
    }

    function swapExactETHForTokensSupportingFeeOnTransferTokens(
        uint256 least, address[] calldata path, address to, uint256 deadline
    ) external payable before(deadline) {
        _deposit(path);
        _arrive(least, path, to);
    }

    function swapExactTokensForETHSupportingFeeOnTransferTokens(
        uint256 amount, uint256 least, address[] calldata path, address to, uint256 deadline
    ) external before(deadline) {
        Move.take(path[0], msg.sender, _pair(path[0], path[1]), amount);
        _follow(path, address(this));
        uint256 got = Coin(WETH).balanceOf(address(this));
        require(got >= least, "INSUFFICIENT_OUTPUT_AMOUNT");
        _withdraw(path, got, to);
    }

    function _strict(uint256 amount, uint256 least, address[] calldata path)
        private
        view
        returns (uint256[] memory amounts)
    {
        amounts = getAmountsOut(amount, path);
        require(amounts[amounts.length - 1] >= least, "INSUFFICIENT_OUTPUT_AMOUNT");
    }

    function _deposit(address[] calldata path) private {
        require(path[0] == WETH, "INVALID_PATH");
        Native(WETH).deposit{value: msg.value}();
        Move.send(WETH, _pair(path[0], path[1]), msg.value);
    }

    function _withdraw(address[] calldata path, uint256 amount, address to) private {
        require(path[path.length - 1] == WETH, "INVALID_PATH");
        Native(WETH).withdraw(amount);
        _pay(to, amount);
    }

    function _arrive(uint256 least, address[] calldata path, address to) private {
        address coin = path[path.length - 1];
        uint256 had = Coin(coin).balanceOf(to);
        _follow(path, to);
        require(Coin(coin).balanceOf(to) - had >= least, "INSUFFICIENT_OUTPUT_AMOUNT");
    }

    /// Each pool gives for what has reached it, which may be less than what was sent.
    function _follow(address[] calldata path, address to) private {
        for (uint256 i = 0; i + 1 < path.length; ++i) {
            (address pair, uint256 here, uint256 there) = _pool(path[i], path[i + 1]);
            uint256 arrived = Coin(path[i]).balanceOf(pair) - here;
            uint256 out = getAmountOut(arrived, here, there);
            address next = i + 2 < path.length ? _pair(path[i + 1], path[i + 2]) : to;
            _swap(pair, path[i] < path[i + 1], out, next);
        }
    }

    function _steps(uint256[] memory amounts, address[] calldata path, address to) private {
        for (uint256 i = 0; i + 1 < path.length; ++i) {
            address next = i + 2 < path.length ? _pair(path[i + 1], path[i + 2]) : to;
            _swap(_pair(path[i], path[i + 1]), path[i] < path[i + 1], amounts[i + 1], next);
        }
    }

    function _swap(address pair, bool first, uint256 out, address to) private {
        Pair(pair).swap(first ? 0 : out, first ? out : 0, to, "");
    }

    function _pair(address one, address two) private view returns (address) {
        return Factory(factory).getPair(one, two);
    }

    function _pool(address one, address two) private view returns (address pair, uint256 here, uint256 there) {
        pair = _pair(one, two);
        require(pair != address(0), "INVALID_PATH");
        (here, there,) = Pair(pair).getReserves();
        if (one > two) (here, there) = (there, here);
    }

    function _share(address one, address two, uint256 wanted1, uint256 wanted2, uint256 least1, uint256 least2)
        private
        returns (address pair, uint256 used1, uint256 used2)
    {
        if (_pair(one, two) == address(0)) Factory(factory).createPair(one, two);
        uint256 here;
        uint256 there;
        (pair, here, there) = _pool(one, two);
        (used1, used2) = (wanted1, wanted2);
        if (here > 0 || there > 0) {
            used2 = quote(wanted1, here, there);
            if (used2 > wanted2) (used1, used2) = (quote(wanted2, there, here), wanted2);
        }
        require(used1 >= least1 && used2 >= least2, "INSUFFICIENT_AMOUNT");
    }

    function _pay(address to, uint256 amount) private {
        (bool good,) = to.call{value: amount}("");
        require(good, "NATIVE_TRANSFER_FAILED");
    }
}

/// A wallet that is a contract: what a token that asks for code, or for the origin of a call, sees.
contract Wallet {
    receive() external payable {}

    function run(address to, uint256 value, bytes calldata data) external payable {
        (bool good, bytes memory said) = to.call{value: value}(data);
        if (!good) assembly { revert(add(said, 32), mload(said)) }
    }
}
