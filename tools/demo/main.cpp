#include <chrono>
#include <cstdio>
#include <optional>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "tools/command_line/demo_folder.hpp"
#include "tools/command_line/program_line.hpp"
#include "tools/demo/demo_director.hpp"
#include "tools/demo/live_view.hpp"

namespace {

using namespace switchboard;
using namespace switchboard::demo;
namespace asio = boost::asio;

struct demo_options {
  client::connection_options where;
  std::string data = demo_folder();
  std::string ctl = "switchboardctl";
  stage_options stage;
  std::size_t limit = 0;
  bool once = false;
  bool plain = false;
  int deadline_s = 180;
};

/// How a run ended.
struct ending {
  bool interrupted = false;
  std::string trouble;
  demo_summary summary;
};

/// Calls again and again, at a steady step, until its io_context stops.
void every(asio::io_context& io, std::chrono::milliseconds step, std::function<void()> call) {
  auto timer = std::make_shared<asio::steady_timer>(io, step);
  timer->async_wait([&io, timer, step, call = std::move(call)](const auto& ec) {
    if (ec) return;
    call();
    every(io, step, call);
  });
}

void watch(asio::io_context& io, const demo_options& options, demo_stage& stage,
           demo_director& director, std::optional<full_screen>& screen, steady::time_point begun) {
  if (screen) {
    auto show = [&, begun, styled = has_colours()] {
      screen->show(draw(screen_of(stage, director, begun, options.ctl), terminal_size(), styled));
    };
    return every(io, std::chrono::milliseconds{120}, show);
  }
  auto step = std::chrono::seconds{options.once ? 2 : 10};
  every(io, step, [&stage, begun] {
    std::puts(progress_line(stage, begun).c_str());
    std::fflush(stdout);
  });
}

ending play(const demo_script& script, const demo_options& options, int round) {
  ending end;
  asio::io_context io{1};
  auto begun = steady::now();
  auto run_id = std::to_string(std::chrono::system_clock::now().time_since_epoch() /
                               std::chrono::milliseconds{1});
  auto how = options.stage;
  how.seed += static_cast<std::uint64_t>(round);
  demo_stage stage(io, script, how);
  demo_director director(stage, {options.where, "demo-", run_id});
  asio::signal_set signals(io, SIGINT, SIGTERM);
  signals.async_wait([&](const auto& ec, int) {
    if (ec) return;
    end.interrupted = true;
    director.abandon("interrupted");
  });
  asio::steady_timer deadline(io, std::chrono::seconds{options.deadline_s});
  deadline.async_wait([&](const auto& ec) {
    if (!ec) director.abandon("not over after " + std::to_string(options.deadline_s) + " s");
  });
  {
    std::optional<full_screen> screen;
    if (!options.plain && has_screen()) screen.emplace();
    watch(io, options, stage, director, screen, begun);
    director.start([&](std::string trouble) {
      end.trouble = std::move(trouble);
      io.stop();
    });
    io.run();
  }
  end.summary = summarize(stage, begun);
  return end;
}

int run(const demo_options& options) {
  auto script = load_script(options.data, options.limit);
  if (!script) {
    std::fprintf(stderr, "switchboard-demo: %s\n", script.error().c_str());
    return 1;
  }
  if (!options.once && (options.plain || !has_screen()))
    std::printf("Ctrl-C ends it. In another terminal: %s sessions --watch\n", options.ctl.c_str());
  for (int round = 0;; ++round) {
    auto end = play(*script, options, round);
    if (end.interrupted) {
      std::puts("demo interrupted");
      return options.once ? 130 : 0;
    }
    std::fputs(end.summary.text.c_str(), stdout);
    std::fflush(stdout);
    if (!end.trouble.empty()) {
      std::fprintf(stderr, "switchboard-demo: %s\n", end.trouble.c_str());
      return 1;
    }
    if (options.once) return end.summary.good ? 0 : 1;
  }
}

void declare(CLI::App& app, demo_options& options) {
  app.add_option("--host", options.where.host, "The daemon's address [127.0.0.1]");
  app.add_option("--port", options.where.port, "The daemon's channel port [7701]");
  app.add_option("--data", options.data, "Folder of dispatch.yaml and requests.jsonl [the demo's]");
  app.add_option("--ctl", options.ctl, "How switchboardctl is called, for the hints shown")
      ->capture_default_str();
  app.add_option("--pace", options.stage.pace, "2 plays twice as fast [1]")
      ->check(CLI::Range(0.1, 100.0));
  app.add_option("--limit", options.limit, "Plays only so many requests [all]");
  app.add_option("--seed", options.stage.seed, "Of what is left to chance [1]");
  app.add_option("--deadline", options.deadline_s, "Seconds one run may take [180]");
  app.add_flag("--once", options.once,
               "Plays to the end, and exits 0 only if everything happened and arrived once");
  app.add_flag("--plain", options.plain, "Lines of progress instead of the live view");
  command_line::describe(
      app,
      {{"switchboardd --demo", "first, in another terminal: the daemon to play against"},
       {"switchboard-demo", "plays on and on, with a live view"},
       {"switchboard-demo --once --pace 2",
        "once, twice as fast; says whether all of it happened"}},
      "Plays the demo's customers and agents against a running daemon, over TCP. Without --once "
      "it\n"
      "begins again at the end, until Ctrl-C. Without a terminal, or where TERM is dumb, it shows "
      "lines\nof progress; NO_COLOR leaves colours out. Exit codes: 0 done, 1 failed, 2 wrong "
      "usage.");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Plays the demo floor", "switchboard-demo");
  demo_options options;
  declare(app, options);
  if (auto ended = command_line::parse(app, argc, argv)) return *ended;
  return run(options);
}
