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
    : x_io(io), x_script(script), x_options(options), x_random(options.seed) {
  for (auto& a : script.agents) x_agent_names[a.id] = a.name;
  for (auto& [id, name] : script.groups) x_group_names[id] = name;
}

conversation* demo_stage::find(const std::string& session_id) {
  auto at = x_by_session.find(session_id);
  if (at == x_by_session.end() || at->second->session_id != session_id) return nullptr;
  return at->second;
}

void demo_stage::opened(conversation& c, std::string session_id) {
  c.session_id = std::move(session_id);
  x_by_session[c.session_id] = &c;
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
  return std::uniform_real_distribution<double>(0, 1)(x_random);
}

void demo_stage::after(int ms, std::function<void()> call) {
  auto uneven = 0.75 + 0.5 * random();
  auto span = std::chrono::milliseconds(static_cast<int>(ms * uneven / x_options.pace));
  auto timer = std::make_shared<boost::asio::steady_timer>(x_io, span);
  timer->async_wait([timer, call = std::move(call)](const boost::system::error_code& ec) {
    if (!ec) call();
  });
}

void demo_stage::say(std::string line) {
  x_feed.push_back(std::move(line));
  if (x_feed.size() > feed_lines) x_feed.pop_front();
}

const std::string& demo_stage::agent_name(const std::string& id) const {
  auto at = x_agent_names.find(id);
  return at == x_agent_names.end() ? id : at->second;
}

const std::string& demo_stage::group_name(const std::string& id) const {
  auto at = x_group_names.find(id);
  return at == x_group_names.end() ? id : at->second;
}

}  // namespace switchboard::demo
