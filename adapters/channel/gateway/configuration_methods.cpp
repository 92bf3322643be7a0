#include "actors/configuration/configuration_parts.hpp"
#include "adapters/channel/gateway/gateway.hpp"
#include "runtime/hosting/unless_known.hpp"

/// What administrators decide while the daemon runs: the whole configuration as versions, and
/// groups closed by hand.
namespace switchboard {

namespace {

constexpr std::size_t whole_text = 8u << 20;
constexpr std::int64_t most_versions = 1'000'000'000;

class held_answer final : public outbox {
 public:
  held_answer(reply_to to, connection_index& book, std::uint64_t connection,
              std::function<void()> done)
      : to_(std::move(to)), book_(book), connection_(connection), done_(std::move(done)) {
    book_.hold(connection_);
  }
  ~held_answer() override { book_.release(connection_); }
  held_answer(const held_answer&) = delete;
  held_answer& operator=(const held_answer&) = delete;

  void reply(std::uint32_t, store::position after, std::string packed) override {
    to_.ok(after, std::move(packed));
    if (done_) done_();
  }
  /// Whose connections were to end, have ended.
  void reply_again(std::uint32_t, store::position after, std::string packed) override {
    to_.again(after, std::move(packed));
  }
  void fail(std::uint32_t, store::position after, const error& why) override {
    to_.fail(after, why);
  }
  void notify(store::position, std::string) override {}
  std::uint64_t id() const override { return 0; }
  bool open() const override { return to_.out && to_.out->open(); }

 private:
  reply_to to_;
  connection_index& book_;
  std::uint64_t connection_;
  std::function<void()> done_;
};

void read_text(codec::params& p, configuration_call& m) {
  m.text = p.text("text", whole_text);
  m.file = p.text_or_empty("file", 256);
}

void read_reasons(codec::params& p, configuration_call& m) {
  m.comment = p.text_or_empty("comment", 1024);
  m.reevaluate = p.boolean_or("reevaluate", false);
  m.expected = static_cast<int>(p.maybe_integer("expected_version", 1, most_versions).value_or(0));
}

}  // namespace

/// The caller may lose its own connection by what it asks for: not before it has the answer. `done`
/// is called where the answer is no error.
reply_to gateway::configuration_answer(call& c, std::function<void()> done) {
  return taken_like(c.reply, {std::make_shared<held_answer>(c.reply, services_.connections,
                                                            c.from->id(), std::move(done)),
                              0});
}

void gateway::to_configuration(call& c, configuration_call&& m) {
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  m.by = {"admin", c.by.id, c.by.name};
  m.known_by = known_by(c, key_kind::configuration_change, m);
  m.reply = configuration_answer(c);
  caf::anon_send(services_.directory.configuration, std::move(m));
}

void gateway::rules_check(call& c) {
  configuration_call m;
  m.method = configuration_method::check;
  read_text(c.p, m);
  to_configuration(c, std::move(m));
}

/// Either a text, or a version that was.
void gateway::rules_diff(call& c) {
  configuration_call m;
  m.method = configuration_method::diff;
  m.version = static_cast<int>(c.p.maybe_integer("version", 1, most_versions).value_or(0));
  if (m.version == 0) read_text(c.p, m);
  to_configuration(c, std::move(m));
}

void gateway::rules_apply(call& c) {
  configuration_call m;
  m.method = configuration_method::apply;
  read_text(c.p, m);
  read_reasons(c.p, m);
  to_configuration(c, std::move(m));
}

void gateway::rules_history(call& c) {
  configuration_call m;
  m.method = configuration_method::history;
  m.number = static_cast<std::uint64_t>(c.p.maybe_integer("limit", 1, 1'000).value_or(50));
  to_configuration(c, std::move(m));
}

void gateway::rules_show(call& c) {
  configuration_call m;
  m.method = configuration_method::show;
  m.version = static_cast<int>(c.p.maybe_integer("version", 1, most_versions).value_or(0));
  to_configuration(c, std::move(m));
}

void gateway::rules_rollback(call& c) {
  configuration_call m;
  m.method = configuration_method::rollback;
  m.version = static_cast<int>(c.p.integer("version", 1, most_versions));
  read_reasons(c.p, m);
  to_configuration(c, std::move(m));
}

void gateway::rules_edit(call& c) {
  configuration_call m;
  m.method = configuration_method::edit;
  m.path = c.p.text("path", 256);
  m.text = c.p.text("value", 4096);
  read_reasons(c.p, m);
  to_configuration(c, std::move(m));
}

/// What the dispatch file would take back of what was decided while running.
void gateway::rules_conflicts(call& c) {
  configuration_call m;
  m.method = configuration_method::show;
  m.path = conflicts_part;
  to_configuration(c, std::move(m));
}

/// What runs goes on, and the file as it is now is known.
void gateway::rules_keep(call& c) {
  configuration_call m;
  m.method = configuration_method::reload;
  m.path = conflicts_part;
  to_configuration(c, std::move(m));
}

void gateway::group_close(call& c) {
  configuration_call m;
  m.method = configuration_method::switch_group;
  m.group = c.p.text("group", 64);
  m.closed = true;
  m.comment = c.p.text("reason", 256);
  to_configuration(c, std::move(m));
}

void gateway::group_open(call& c) {
  configuration_call m;
  m.method = configuration_method::switch_group;
  m.group = c.p.text("group", 64);
  m.comment = c.p.text_or_empty("reason", 256);
  to_configuration(c, std::move(m));
}

}  // namespace switchboard
