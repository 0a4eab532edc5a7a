"""What was decided, by whom, why: cases, orders, approvals, people."""

# Nobody can have the tables of decisions without their triggers: importing anything here attaches both.
from ringfence.cases import account_guards as account_guards
from ringfence.cases import auditing as auditing
from ringfence.cases import erasure_guards as erasure_guards
from ringfence.cases import guards as guards
from ringfence.cases import hearing_guards as hearing_guards
from ringfence.cases import hold_guards as hold_guards
from ringfence.cases import order_guards as order_guards
from ringfence.cases import sealing as sealing
