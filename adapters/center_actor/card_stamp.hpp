#pragma once

#include <memory>

#include "actors/directory/directory_view.hpp"
#include "adapters/center/center_client.hpp"

namespace switchboard {

/// A message of type product or order, on its way into a session: what the center knows of it now
/// takes the place of what the sender said, and the message goes on. A product or order the center
/// does not know, and a center that does not answer, are told to the sender; other messages do not
/// wait.
void stamp_card(const std::shared_ptr<center::center_client>& client,
                const directory_view& directory, send_message m);

/// To the session, or to the directory that reads it back.
template <class Message> void to_session(const directory_view& directory, Message&& m) {
  if (auto session = directory.sessions.find(m.session))
    return caf::anon_send(session, std::forward<Message>(m));
  auto shard = m.session.shard;
  caf::anon_send(directory.directory_of(shard), std::forward<Message>(m));
}

}  // namespace switchboard
