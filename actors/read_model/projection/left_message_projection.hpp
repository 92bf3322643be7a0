#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "actors/session/session_event.hpp"
#include "runtime/store/state.hpp"

namespace switchboard {

/// A message that was left and is not settled, as lists show it.
struct left_message_row {
  session_id session;
  group_id group;
  std::string channel, customer, customer_name, language, subject;
  timestamp left_at{};
  participant claimed_by;
  timestamp claimed_at{};
};
template <class V> void describe(V& v, left_message_row& x) {
  v("session_id", x.session);
  v("group", x.group);
  v("channel", x.channel);
  v("customer", x.customer);
  v("customer_name", x.customer_name);
  v("language", x.language);
  v("subject", x.subject);
  v("left_at", x.left_at);
  v("claimed_by", x.claimed_by);
  v("claimed_at", x.claimed_at);
}

/// Folds what sessions record of messages left into two tables: `left_messages`, by group and time,
/// and `left_of`, from the session to its row. What is settled is taken out.
class left_message_projection final : public store::projection {
 public:
  std::vector<std::string> tables() const override;
  void fold(const store::placed_record& r, const store::state_view& before) override;
  void flush(store::state_batch& batch) override;

 private:
  struct touched {
    std::string key;  // of the row; empty: there is none
    std::optional<left_message_row> row;
  };
  touched& load(const session_id& id, const store::state_view& before);
  std::map<session_id, touched> touched_;
};

namespace projecting {

/// The group's rows, oldest first, after the row of that key; until `visit` answers false.
void for_each_left_message(
    const store::state_view& view, const group_id& group, std::string_view after,
    const std::function<bool(std::string_view key, const left_message_row&)>& visit);

/// How many messages left with the group nobody has settled.
std::uint64_t count_left_messages(const store::state_view& view, const group_id& group);

/// Whether the session is a message left that nobody has settled yet.
bool is_left_message(const store::state_view& view, const session_id& session);

/// Takes the message left out of the lists, with the name and the subject it says.
void erase_left_message(store::state_batch& batch, const session_id& session);

/// A row's place in the lists, as text, and the key it stands for (empty for what is none).
std::string left_message_cursor(const left_message_row& row);
std::string left_message_key(const std::string& cursor);

}  // namespace projecting

}  // namespace switchboard
