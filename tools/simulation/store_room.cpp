#include "tools/simulation/store_room.hpp"

#include "runtime/hosting/unless_known.hpp"

namespace switchboard::simulation {
namespace {

using store::work;

/// As the gateway's table has the calls that people here make.
work effect_of(const session_call& m) {
  switch (m.method) {
    case session_method::events:
    case session_method::subscribe:
    case session_method::unsubscribe:
    case session_method::typing:
    case session_method::status:
    case session_method::why:
      return work::reads;
    case session_method::close:
    case session_method::leave:
    case session_method::remove:
    case session_method::read:
    case session_method::wrap_up:
    case session_method::transfer_cancel:
    case session_method::release_message:
    case session_method::dismiss_message:
    case session_method::decline_offer:
      return work::frees;
    case session_method::answer_message:
      return work::begins;
    default:
      return work::goes_on;
  }
}

work effect_of(const agent_call& m) {
  switch (m.method) {
    case agent_method::snapshot:
    case agent_method::times:
      return work::reads;
    case agent_method::accept:
    case agent_method::move_sessions:
      return work::goes_on;
    default:
      return work::frees;
  }
}

}  // namespace

bool is_want_of_room(const error& why) {
  return why.code == errc::resource_exhausted &&
         (why.message.starts_with("the journal is nearly") ||
          why.message.starts_with("the state has no room"));
}

const char* store_room::fill(chance& luck) {
  short_ = true;
  ++fillings_;
  if (luck.percent(30)) {
    state_.limit(state_.bytes());
    return "the state has no room";
  }
  // Where nothing begins any more, nothing goes on, hardly anything is freed.
  constexpr std::size_t percent[] = {91, 96, 99};
  journal_.limit(journal_.bytes() * 100 / percent[luck.below(std::size(percent))] + 1);
  return "the journal is nearly full";
}

void store_room::free() {
  short_ = false;
  journal_.limit(0);
  state_.limit(0);
}

bool store_room::takes(work what, bool keyed, reply_to& to) const {
  auto a = journal_.admits(what);
  if (a.open) return true;
  error why{errc::resource_exhausted, std::move(a.reason), {}, {}, 0};
  if (!keyed || what == work::frees) return to.fail(0, why), false;
  to.out = std::make_shared<unless_known>(to.out, std::move(why));
  return true;
}

bool store_room::admits(open_session& m) const {
  return takes(work::begins, true, m.reply);
}
bool store_room::admits(send_message& m) const {
  return takes(work::begins, true, m.reply);
}
bool store_room::admits(session_call& m) const {
  return takes(effect_of(m), !m.op_id.empty(), m.reply);
}
bool store_room::admits(agent_call& m) const {
  return takes(effect_of(m), !m.op_id.empty() || m.known_by.key.key != 0, m.reply);
}
bool store_room::admits(configuration_call& m) const {
  const bool closes = m.method == configuration_method::switch_group && m.closed;
  return takes(closes ? work::frees : work::goes_on, m.known_by.key.key != 0, m.reply);
}

}  // namespace switchboard::simulation
