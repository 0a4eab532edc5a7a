# ruff: noqa: E501 (Solidity)
"""Features of moving: what stops a transfer, takes from it or asks others about it."""

from __future__ import annotations

from .feature import feature

MOVING = (
    feature("pause", "pause_transfers", """
    bool public paused;
    event Paused(address who);
    function pause() public auth { require(!paused); paused = true; emit Paused(msg.sender); }
    function unpause() public auth { require(paused); paused = false; }
    """, "require(!paused);", group="pause"),
    feature("pause-with-exempt", "pause_transfers", """
    bool public stopped;
    mapping(address => bool) public exempt;
    function stop(bool yes) public auth { stopped = yes; }
    function setExempt(address who, bool yes) public auth { exempt[who] = yes; }
    """, "require(!stopped || exempt[from]);", group="pause", either="limit_transfers"),
    feature("pause-by-guardian", "pause_transfers", """
    address public guardian;
    uint256 public pausedUntil;
    function setGuardian(address to) public auth { guardian = to; }
    function emergency() public { require(msg.sender == guardian); pausedUntil = block.timestamp + 7 days; }
    """, "require(block.timestamp >= pausedUntil);", group="pause"),
    feature("launch", "pause_transfers", """
    bool public tradingOpen;
    mapping(address => bool) public early;
    function setEarly(address who, bool yes) public auth { early[who] = yes; }
    function openTrading() public auth { require(!tradingOpen); tradingOpen = true; }
    """, "require(tradingOpen || early[from] || early[to]);", group="pause", either="limit_transfers"),
    feature("freeze", "freeze_account", """
    mapping(address => bool) public frozen;
    function setFrozen(address who, bool yes) public auth { frozen[who] = yes; }
    """, "require(!frozen[from]);", group="freeze"),
    feature("freeze-both", "freeze_account", """
    mapping(address => bool) internal blacklisted;
    function isBlacklisted(address who) public view returns (bool) { return blacklisted[who]; }
    function blacklist(address who) public auth { blacklisted[who] = true; }
    function unBlacklist(address who) public auth { blacklisted[who] = false; }
    """, "require(!blacklisted[from] && !blacklisted[to] && !blacklisted[msg.sender]);", group="freeze"),
    feature("freeze-until", "freeze_account", """
    mapping(address => uint256) public frozenUntil;
    function freezeUntil(address who, uint256 time) public auth { frozenUntil[who] = time; }
    """, "require(block.timestamp > frozenUntil[from]);", group="freeze"),
    feature("freeze-part", "freeze_account", """
    mapping(address => uint256) public frozenTokens;
    function freezePart(address who, uint256 amount) public auth { frozenTokens[who] = amount; }
    """, "require(_held(from) >= frozenTokens[from] && _held(from) - frozenTokens[from] >= amount);",
        group="freeze", either="limit_transfers"),
    feature("freeze-batch", "freeze_account", """
    mapping(address => uint8) internal status;
    function setStatuses(address[] memory who, uint8 to) public auth {
        for (uint256 at = 0; at < who.length; at++) status[who[at]] = to;
    }
    """, "require(status[from] != 2);", group="freeze"),
    feature("wipe", "freeze_account burn_others", """
    mapping(address => bool) public frozen;
    function setFrozen(address who, bool yes) public auth { frozen[who] = yes; }
    function wipeFrozen(address who) public auth { require(frozen[who]); _destroy(who, _held(who)); }
    """, "require(!frozen[from]);", group="freeze"),
    feature("known-only", "freeze_account", """
    mapping(address => bool) public verified;
    function setVerified(address who, bool yes) public auth { verified[who] = yes; }
    """, "require(verified[from] && verified[to]);", group="freeze",
        either="limit_transfers pause_transfers"),
    feature("fee", "set_fee", """
    uint256 public rate = 50;
    function setRate(uint256 to) public auth { require(to <= 500); rate = to; }
    """, fee="fee += amount / 10000 * rate;", group="fee"),
    feature("fee-fixed", fee="fee += amount / 100;", group="fee"),
    feature("fee-lowered", "set_fee", """
    uint256 public rate = 300;
    function lowerRate(uint256 to) public auth { require(to < rate); rate = to; }
    """, fee="fee += amount / 10000 * rate;", group="fee"),
    feature("fee-on-trades", "set_fee", """
    mapping(address => bool) public pools;
    uint256 public buyRate = 100;
    uint256 public sellRate = 100;
    function setPool(address who, bool yes) public auth { pools[who] = yes; }
    function setRates(uint256 buy_, uint256 sell_) public auth {
        require(buy_ <= 1000 && sell_ <= 1000);
        buyRate = buy_;
        sellRate = sell_;
    }
    """, fee="if (pools[from]) fee += amount / 10000 * buyRate; else if (pools[to]) fee += amount / 10000 * sellRate;",
        group="fee"),
    feature("fee-with-exempt", "set_fee", """
    mapping(address => bool) public free;
    function setFree(address who, bool yes) public auth { free[who] = yes; }
    """, fee="if (!free[from] && !free[to]) fee += amount / 50;", group="fee"),
    feature("most-a-transfer", "limit_transfers", """
    uint256 public most = 10**27;
    function setMost(uint256 to) public auth { require(to >= _supply() / 1000); most = to; }
    """, "require(amount <= most);", group="size"),
    feature("most-a-wallet", "limit_transfers", """
    uint256 public mostHeld = 10**27;
    mapping(address => bool) public unlimited;
    function setUnlimited(address who, bool yes) public auth { unlimited[who] = yes; }
    function setMostHeld(uint256 to) public auth { require(to >= _supply() / 200); mostHeld = to; }
    """, "require(unlimited[to] || _held(to) + amount <= mostHeld);", group="size"),
    feature("most-fixed", "limit_transfers", before="require(amount <= _supply() / 100);", group="size"),
    feature("most-removable", "limit_transfers", """
    bool public limitsInEffect = true;
    function removeLimits() public auth { limitsInEffect = false; }
    """, "if (limitsInEffect) require(amount <= _supply() / 100);", group="size"),
    feature("cooldown", "limit_transfers", """
    mapping(address => uint256) internal lastMoved;
    """, "require(block.timestamp >= lastMoved[from] + 30); lastMoved[from] = block.timestamp;", group="time"),
    feature("cooldown-set", "limit_transfers", """
    mapping(address => uint256) internal lastMoved;
    uint256 public wait = 30;
    function setWait(uint256 to) public auth { require(to <= 300); wait = to; }
    """, "require(block.timestamp >= lastMoved[from] + wait); lastMoved[from] = block.timestamp;", group="time"),
    feature("rule", "external_call", """
    address public rule;
    function setRule(address to) public auth { rule = to; }
    """, "if (rule != address(0)) require(IRule(rule).canTransfer(from, to, amount));",
        either="pause_transfers limit_transfers freeze_account", group="rule"),
    feature("votes", "", """
    mapping(address => address) public delegates;
    mapping(address => uint256) public votesOf;
    function delegate(address to) public {
        address was = delegates[msg.sender];
        delegates[msg.sender] = to;
        if (was != address(0)) votesOf[was] -= _held(msg.sender);
        if (to != address(0)) votesOf[to] += _held(msg.sender);
    }
    """, "if (delegates[from] != address(0)) votesOf[delegates[from]] -= amount;"
        "if (delegates[to] != address(0)) votesOf[delegates[to]] += amount;", group="votes"),
    feature("snapshot", "", """
    uint256 public turn;
    mapping(address => mapping(uint256 => uint256)) internal was;
    function snapshot() public auth { turn += 1; }
    """, "was[from][turn] = _held(from); was[to][turn] = _held(to);", group="votes"),
    feature("kill", "selfdestruct", """
    function kill() public auth { @end; }
    """),
    feature("module", "upgrade", """
    function run(address module, bytes memory data) public auth { @delegate; }
    """),
)  # fmt: skip
