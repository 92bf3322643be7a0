#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/reception/reception_rules.hpp"
#include "actors/reception/silence_plan.hpp"
#include "actors/session/session_effect.hpp"
#include "actors/session/session_speech.hpp"

namespace switchboard {

/// The active configuration's reception rules; null where there are none.
using reception_source = std::function<std::shared_ptr<const reception_rules>()>;

/// Whether the customer of a session is attended to: agents and leaders are told that the customer
/// waits, silence is broken, a rating is asked for again. What was told when is part of the
/// session's state; here is only who knows of an alert that stands, which a restart may forget.
/// Pure; not thread-safe.
class session_attention {
 public:
  /// When one of the three below has something to do; nothing: never, as the session is now.
  static std::optional<timestamp> deadline(const session_state& s, const reception_rules& rules,
                                           timestamp now);
  /// The customer is warned or comforted, or the session ends, after so long without a word.
  static session_machine::payloads break_silence(const session_state& s,
                                                 const reception_rules& rules,
                                                 const session_speech& speech, timestamp now);
  static session_machine::payloads remind_of_rating(const session_state& s,
                                                    const reception_rules& rules,
                                                    const session_speech& speech, timestamp now);
  /// Alerts that are due are recorded and told.
  session_decision alert(const session_state& s, const reception_rules& rules, timestamp now);

  /// A message was said: an agent's ends the alerts, a customer's tells the serving agent where
  /// that is configured.
  void said(const event::message& x, const session_state& s, const reception_source& rules,
            session_effects& out);
  /// Somebody has read: alerts that stand go on with the new count.
  void read(const event::read& x, const session_state& s, const reception_source& rules,
            session_effects& out);
  /// The serving agent is told of what is unread, after a restart too.
  void tell_unread(const session_state& s, const reception_source& rules, session_effects& out);
  /// Nobody need attend to it any more, or somebody else must.
  void clear(session_effects& out);

 private:
  struct standing_alert {
    agent_alert last;
    std::vector<agent_id> told;
  };
  void tell(const session_state& s, const reception_rules* rules, agent_alert what,
            const std::vector<agent_id>& to, session_effects& out);
  void tell_again(const session_state& s, const reception_source& rules, session_effects& out);

  optional_ptr<standing_alert> alert_;  // most sessions never have one
};

}  // namespace switchboard
