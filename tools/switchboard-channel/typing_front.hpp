#pragma once

#include <string>
#include <vector>

namespace switchboard::channel_tool {

/// What an agent's line is about: the session that a text goes to, the offer that a bare /accept or
/// /decline means. Neither changes under a line that is begun: Enter reaches whom the prompt named
/// when typing began. `typing` says in each call whether a line is begun. Pure; not thread-safe.
class typing_front {
 public:
  const std::string& session() const { return session_; }
  /// Oldest first.
  const std::vector<std::string>& offers() const { return offers_; }
  /// Empty: there was none.
  const std::string& offer() const { return offer_; }

  /// A session has come to this agent. It takes the front where nobody is in it who is still
  /// served, or where the agent has asked for it (`wanted`), and no line is begun. True where it
  /// has.
  bool came(const std::string& session, bool typing);
  /// The agent has asked for this session, and it may come later.
  void wanted(const std::string& session) { wanted_ = session; }
  /// The agent's own word, said by a whole line.
  void choose(const std::string& session);
  void over(const std::string& session);

  void offered(const std::string& offer, bool typing);
  /// False where it was not there. What a line is begun about stays meant, so that its answer says
  /// that this one is over, and does not reach another.
  bool offer_gone(const std::string& offer, bool typing);
  /// A snapshot brings all there are.
  void forget_offers() { offers_.clear(); }
  /// The line has ended: the newest offer is meant from now on.
  void line_ended();

 private:
  std::string session_, wanted_, offer_;
  bool over_ = true;
  std::vector<std::string> offers_;
};

}  // namespace switchboard::channel_tool
