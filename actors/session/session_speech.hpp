#pragma once

#include <functional>
#include <memory>
#include <string>

#include "actors/reception/message_template.hpp"
#include "actors/session/automatic_message.hpp"
#include "actors/session/session_machine.hpp"

namespace switchboard {

/// The configuration in force, which is replaced as a whole.
using config_source = std::function<std::shared_ptr<const config::dispatch_config>()>;
/// The name in a person's profile, or of whoever asks so on a channel where the person is not known
/// yet.
using name_source = std::function<profile_name(const person_id&, const std::string& channel,
                                               const channel_customer&)>;

/// Whose settings hold: the group that serves it, has offered it, or is waited for; of a session
/// that is over, the one that served.
group_id group_in_charge(const session_state& s);

/// What a session says by itself: the texts of the configuration, with names as they are now. Looks
/// at the configuration only when there may be something to say. Made where it is needed: it refers
/// to what it is given.
class session_speech {
 public:
  /// `known` may be empty: then a customer has the name of the request.
  session_speech(const session_state& s, const config_source& config, const name_source& known)
      : s_(s), config_(config), known_(known) {}

  /// The text of that moment; empty where none is configured.
  std::string text(const char* moment, const template_values& extra = {}) const;
  /// Adds the text of that moment as a message; false where there is nothing to say.
  bool say(const char* moment, session_machine::payloads& out,
           const template_values& extra = {}) const;

  /// Welcomes whoever asks for a session that has no state yet.
  void welcome(const consultation_request& r, const std::string& language, bool continues,
               session_machine::payloads& out) const;
  /// Do these end the session with nobody there?
  static bool leave_alone(const session_machine::payloads& events);
  /// Tells a customer who is left with nobody why, before the session ends: it is out of hours, or
  /// nobody is there.
  session_machine::payloads with_farewell(session_machine::payloads events, timestamp wall) const;
  /// Introduces an agent who is assigned, but not the one who had the session last.
  session_machine::payloads with_greeting(session_machine::payloads events) const;
  /// Asks a customer who was served for a rating, where that is configured.
  void ask_rating(session_machine::payloads& out) const;

  /// The customer's present name.
  std::string customer_name() const;
  /// The configured name of that agent; `before` where the account is gone.
  std::string agent_name(const std::string& id, const std::string& before) const;
  /// The variables of a text that an agent may send in the name of `group`.
  template_values canned_values(const participant& by, const group_id& group) const;

 private:
  const session_state& s_;
  const config_source& config_;
  const name_source& known_;
};

}  // namespace switchboard
