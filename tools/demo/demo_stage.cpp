#include "tools/demo/demo_stage.hpp"

#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace switchboard::demo {
namespace {

constexpr std::size_t feed_lines = 200;

}  // namespace

std::string_view to_string(phase p) {
  constexpr std::string_view names[] = {"to come", "opening", "waiting", "offered",
                                        "active",  "closed",  "done",    "failed"};
  return names[static_cast<int>(p)];
}

demo_stage::demo_stage(boost::asio::io_context& io, const demo_script& script,
                       stage_options options)
    : io_(io), script_(script), options_(options), random_(options.seed) {
  for (auto& a : script.agents) agent_names_[a.id] = a.name;
  for (auto& [id, name] : script.groups) group_names_[id] = name;
}

conversation* demo_stage::find(const std::string& session_id) {
  auto at = by_session_.find(session_id);
  if (at == by_session_.end() || at->second->session_id != session_id) return nullptr;
  return at->second;
}

void demo_stage::opened(conversation& c, std::string session_id) {
  c.session_id = std::move(session_id);
  by_session_[c.session_id] = &c;
  for (auto& tell : on_opened) tell(c);
}

void demo_stage::fail(conversation& c, std::string why) {
  if (c.over()) return;
  c.phase = phase::failed;
  c.trouble = std::move(why);
  say(c.script->request_id + ": " + c.trouble);
  if (on_progress) on_progress(c);
}

double demo_stage::random() {
  return std::uniform_real_distribution<double>(0, 1)(random_);
}

void demo_stage::after(int ms, std::function<void()> call) {
  auto uneven = 0.75 + 0.5 * random();
  auto span = std::chrono::milliseconds(static_cast<int>(ms * uneven / options_.pace));
  auto timer = std::make_shared<boost::asio::steady_timer>(io_, span);
  timer->async_wait([timer, call = std::move(call)](const boost::system::error_code& ec) {
    if (!ec) call();
  });
}

void demo_stage::say(std::string line) {
  feed_.push_back(std::move(line));
  if (feed_.size() > feed_lines) feed_.pop_front();
}

const std::string& demo_stage::agent_name(const std::string& id) const {
  auto at = agent_names_.find(id);
  return at == agent_names_.end() ? id : at->second;
}

const std::string& demo_stage::group_name(const std::string& id) const {
  auto at = group_names_.find(id);
  return at == group_names_.end() ? id : at->second;
}

}  // namespace switchboard::demo
