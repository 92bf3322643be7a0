#include "tests/bench/baseline_server.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <lmdb.h>
#include <msgpack.hpp>

#include "runtime/codec/frame_decoder.hpp"
#include "runtime/codec/pack.hpp"
#include "runtime/codec/params.hpp"

namespace switchboard::bench {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using boost::system::error_code;

namespace {

/// One writer thread: takes what has piled up, commits, tells. A failed commit ends the bench.
class group_commit {
 public:
  result<void> open(const std::string& directory, std::function<void()> committed) {
    x_committed = std::move(committed);
    MDB_txn* txn = nullptr;
    int rc = mdb_env_create(&x_env);
    if (rc == 0) rc = mdb_env_set_mapsize(x_env, std::size_t{64} << 30);
    if (rc == 0) rc = mdb_env_open(x_env, directory.c_str(), 0, 0600);
    if (rc == 0) rc = mdb_txn_begin(x_env, nullptr, 0, &txn);
    if (rc == 0) rc = mdb_dbi_open(txn, nullptr, MDB_INTEGERKEY, &x_dbi);
    MDB_stat stat{};
    if (rc == 0) rc = mdb_stat(txn, x_dbi, &stat);
    if (rc == 0) rc = mdb_txn_commit(txn);
    if (rc != 0) return fail(errc::unavailable, std::string("lmdb: ") + mdb_strerror(rc));
    x_last = stat.ms_entries;
    x_durable = x_last;
    x_thread = std::thread([this] { run(); });
    return {};
  }

  std::uint64_t append(std::string_view bytes) {
    std::unique_lock hold(x_lock);
    x_queue.emplace_back(bytes);
    auto at = ++x_last;
    bool wake = std::exchange(x_asleep, false);
    hold.unlock();
    if (wake) x_wake.notify_one();
    return at;
  }
  std::uint64_t durable() const { return x_durable.load(std::memory_order_acquire); }
  baseline_server::totals written() const { return {x_messages, x_commits}; }

  void close() {
    if (x_thread.joinable()) {
      {
        std::lock_guard hold(x_lock);
        x_over = true;
      }
      x_wake.notify_one();
      x_thread.join();
    }
    if (x_env) mdb_env_close(std::exchange(x_env, nullptr));
  }

 private:
  void run() {
    std::vector<std::string> batch;
    while (true) {
      {
        std::unique_lock hold(x_lock);
        x_asleep = x_queue.empty();
        x_wake.wait(hold, [this] { return x_over || !x_queue.empty(); });
        x_asleep = false;
        if (x_queue.empty()) return;
        std::swap(batch, x_queue);
      }
      write(batch);
      batch.clear();
      x_committed();
    }
  }

  void write(const std::vector<std::string>& batch) {
    MDB_txn* txn = nullptr;
    SB_INVARIANT(mdb_txn_begin(x_env, nullptr, 0, &txn) == 0);
    std::uint64_t position = durable();
    for (auto& bytes : batch) {
      ++position;
      MDB_val key{sizeof position, &position};
      MDB_val value{bytes.size(), const_cast<char*>(bytes.data())};
      SB_INVARIANT(mdb_put(txn, x_dbi, &key, &value, MDB_APPEND) == 0);
    }
    SB_INVARIANT(mdb_txn_commit(txn) == 0);
    x_messages += batch.size();
    ++x_commits;
    x_durable.store(position, std::memory_order_release);
  }

  MDB_env* x_env = nullptr;
  MDB_dbi x_dbi = 0;
  std::function<void()> x_committed;
  std::mutex x_lock;
  std::condition_variable x_wake;
  std::vector<std::string> x_queue;
  std::uint64_t x_last = 0;
  bool x_over = false;
  bool x_asleep = false;
  std::atomic<std::uint64_t> x_durable{0};
  std::atomic<std::uint64_t> x_messages{0};
  std::atomic<std::uint64_t> x_commits{0};
  std::thread x_thread;
};

// What the daemon writes and sends for one session in which nothing is said, bytes (records as they lie in the journal, frames as they
// leave). Taken from a daemon's journal and sockets; they need not be exact, only of the size.
constexpr std::size_t records_of_open[] = {342, 203, 159, 435, 478};
constexpr std::size_t records_of_close[] = {141, 135};
constexpr std::size_t open_answer_bytes = 98, began_bytes = 83, assigned_bytes = 166;
constexpr std::size_t closed_bytes = 150, ended_bytes = 97, state_changed_bytes = 119;
/// What a notification's method, the session's id and the padding's own header take of a frame.
constexpr std::size_t frame_rest = 70;

std::string padding(std::size_t frame_bytes) {
  return std::string(frame_bytes > frame_rest ? frame_bytes - frame_rest : 0, 'x');
}

/// Output of a connection that waits for one position: it grows with each call, so the last is what
/// counts for all of a batch.
struct held_output {
  std::uint64_t after;
  std::size_t end;
};

}  // namespace

class baseline_server::impl {
 public:
  explicit impl(std::string directory) : x_directory(std::move(directory)) {}

  result<void> start();
  void stop();
  std::uint16_t port() const { return x_port; }
  totals written() const { return x_log.written(); }

 private:
  struct connection : std::enable_shared_from_this<connection> {
    explicit connection(tcp::socket s) : socket(std::move(s)) {}
    tcp::socket socket;
    codec::frame_decoder decoder;
    std::string out, writing;
    std::vector<held_output> held;
    bool is_writing = false, is_waiting = false, gone = false;
  };
  using connection_ptr = std::shared_ptr<connection>;

  void accept();
  void read(connection_ptr c);
  void handle(const connection_ptr& c, const codec::frame& f);
  void send_message(const connection_ptr& c, const codec::frame& f);
  void open_session(const connection_ptr& c, const codec::frame& f);
  void close_session(const connection_ptr& c, const codec::frame& f);
  template <std::size_t N> std::uint64_t append_all(const std::size_t (&sizes)[N]);
  connection_ptr agent_of(const std::string& session) const;
  void tell(const connection_ptr& agent, std::uint64_t after, const char* method, const char* type, const std::string& session,
            std::size_t bytes);
  void put(const connection_ptr& c, std::uint64_t after);
  void flush(const connection_ptr& c);
  void flush_waiting();

  const std::string x_directory;
  group_commit x_log;
  asio::io_context x_io{1};
  asio::executor_work_guard<asio::io_context::executor_type> x_work = asio::make_work_guard(x_io);
  tcp::acceptor x_acceptor{x_io};
  std::uint16_t x_port = 0;
  std::vector<connection_ptr> x_all, x_agents, x_waiting;
  std::unordered_map<std::string, std::uint64_t> x_seq;
  std::uint64_t x_opened = 0;
  std::string x_record;
  std::thread x_thread;
};

result<void> baseline_server::impl::start() {
  auto opened = x_log.open(x_directory, [this] { asio::post(x_io, [this] { flush_waiting(); }); });
  if (!opened) return opened;
  error_code ec;
  tcp::endpoint at(asio::ip::address_v4::loopback(), 0);
  x_acceptor.open(at.protocol(), ec);
  if (!ec) x_acceptor.bind(at, ec);
  if (!ec) x_acceptor.listen(1024, ec);
  if (ec) return fail(errc::unavailable, "cannot listen: " + ec.message());
  x_port = x_acceptor.local_endpoint().port();
  accept();
  x_thread = std::thread([this] { x_io.run(); });
  return {};
}

void baseline_server::impl::stop() {
  x_log.close();
  if (!x_thread.joinable()) return;
  asio::post(x_io, [this] {
    error_code ignored;
    x_acceptor.close(ignored);
    for (auto& c : x_all) c->socket.close(ignored);
    x_work.reset();
  });
  x_thread.join();
}

void baseline_server::impl::accept() {
  x_acceptor.async_accept([this](const error_code& ec, tcp::socket socket) {
    if (ec) return;
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    x_all.push_back(std::make_shared<connection>(std::move(socket)));
    read(x_all.back());
    accept();
  });
}

void baseline_server::impl::read(connection_ptr c) {
  auto into = c->decoder.prepare(16 * 1024);
  auto& socket = c->socket;
  socket.async_read_some(asio::buffer(into.data(), into.size()),
                         [this, c](const error_code& ec, std::size_t bytes) {
                           if (ec) {
                             c->gone = true;
                             return;
                           }
                           c->decoder.commit(bytes);
                           while (true) {
                             auto next = c->decoder.next();
                             if (!next) return c->socket.close();
                             if (!*next) break;
                             handle(c, **next);
                           }
                           read(c);
                         });
}

void baseline_server::impl::handle(const connection_ptr& c, const codec::frame& f) {
  if (f.what != codec::frame::kind::request) return;
  if (f.method == "session.send") return send_message(c, f);
  if (f.method == "session.open") return open_session(c, f);
  if (f.method == "session.close") return close_session(c, f);
  if (f.method == "hello" && codec::params(*f.params).text_or_empty("role") == "agent")
    x_agents.push_back(c);
  codec::begin_result(c->out, f.msgid);
  c->out += codec::empty_map();
  put(c, 0);
}

void baseline_server::impl::send_message(const connection_ptr& c, const codec::frame& f) {
  codec::params p(*f.params);
  auto session = p.text_or_empty("session_id");
  auto seq = ++x_seq[session];
  auto at = std::chrono::duration_cast<millis>(std::chrono::system_clock::now().time_since_epoch())
                .count();
  codec::packer event;
  event.map(6);
  codec::field(event, "session_id", session);
  codec::field(event, "seq", static_cast<std::int64_t>(seq));
  codec::field(event, "prev", static_cast<std::int64_t>(seq - 1));
  codec::field(event, "at", at);
  codec::field(event, "type", "message");
  event.str("body");
  auto body = p.find("body");
  body ? event.object(*body) : event.nil();
  auto after = x_log.append(event.view());

  codec::begin_result(c->out, f.msgid);
  codec::packer answer;
  answer.map(2);
  codec::field(answer, "seq", static_cast<std::int64_t>(seq));
  codec::field(answer, "at", at);
  c->out += answer.view();
  put(c, after);
  if (x_agents.empty()) return;
  auto& agent = x_agents[std::hash<std::string>{}(session) % x_agents.size()];
  codec::begin_notification(agent->out, "session.event");
  agent->out += event.view();
  put(agent, after);
}

template <std::size_t N>
std::uint64_t baseline_server::impl::append_all(const std::size_t (&sizes)[N]) {
  std::uint64_t after = 0;
  for (auto bytes : sizes) {
    x_record.assign(bytes, 'x');
    after = x_log.append(x_record);
  }
  return after;
}

auto baseline_server::impl::agent_of(const std::string& session) const -> connection_ptr {
  return x_agents.empty() ? nullptr : x_agents[std::hash<std::string>{}(session) % x_agents.size()];
}

void baseline_server::impl::tell(const connection_ptr& agent, std::uint64_t after, const char* method, const char* type,
                              const std::string& session, std::size_t bytes) {
  if (!agent) return;
  codec::packer event;
  event.map(3);
  codec::field(event, "session_id", session);
  codec::field(event, "type", std::string_view{type});
  codec::field(event, "padding", padding(bytes));
  codec::begin_notification(agent->out, method);
  agent->out += event.view();
  put(agent, after);
}

void baseline_server::impl::open_session(const connection_ptr& c, const codec::frame& f) {
  const auto session = "s00bench" + std::to_string(++x_opened);
  const auto after = append_all(records_of_open);
  codec::begin_result(c->out, f.msgid);
  codec::packer answer;
  answer.map(2);
  codec::field(answer, "session_id", session);
  codec::field(answer, "padding", padding(open_answer_bytes));
  c->out += answer.view();
  put(c, after);
  const auto agent = agent_of(session);
  tell(agent, after, "agent.session", "began", session, began_bytes);
  tell(agent, after, "session.event", "assigned", session, assigned_bytes);
}

void baseline_server::impl::close_session(const connection_ptr& c, const codec::frame& f) {
  const std::string session(codec::params(*f.params).text_or_empty("session_id"));
  const auto after = append_all(records_of_close);
  tell(c, after, "session.event", "closed", session, closed_bytes);
  codec::begin_result(c->out, f.msgid);
  c->out += codec::empty_map();
  put(c, after);
  tell(c, after, "agent.session", "ended", session, ended_bytes);
  tell(c, after, "agent.state_changed", "online", session, state_changed_bytes);
}

void baseline_server::impl::put(const connection_ptr& c, std::uint64_t after) {
  if (!c->held.empty()) after = std::max(after, c->held.back().after);
  c->held.push_back({after, c->out.size()});
  if (c->is_waiting || c->is_writing) return;
  c->is_waiting = true;
  x_waiting.push_back(c);
  if (after <= x_log.durable() && x_waiting.size() == 1)
    asio::post(x_io, [this] { flush_waiting(); });
}

void baseline_server::impl::flush_waiting() {
  auto waiting = std::exchange(x_waiting, {});
  for (auto& c : waiting) {
    c->is_waiting = false;
    flush(c);
  }
}

void baseline_server::impl::flush(const connection_ptr& c) {
  if (c->is_writing || c->held.empty()) return;
  if (c->gone) {
    c->out.clear();
    return c->held.clear();
  }
  auto durable = x_log.durable();
  std::size_t ready = 0;
  while (ready < c->held.size() && c->held[ready].after <= durable) ++ready;
  if (ready > 0) {
    auto bytes = c->held[ready - 1].end;
    c->writing.assign(c->out, 0, bytes);
    c->out.erase(0, bytes);
    c->held.erase(c->held.begin(), c->held.begin() + static_cast<std::ptrdiff_t>(ready));
    for (auto& h : c->held) h.end -= bytes;
    c->is_writing = true;
    asio::async_write(c->socket, asio::buffer(c->writing),
                      [this, c](const error_code& ec, std::size_t) {
                        c->is_writing = false;
                        if (ec) c->gone = true;
                        flush(c);
                      });
  } else if (!c->is_waiting) {
    c->is_waiting = true;
    x_waiting.push_back(c);
  }
}

baseline_server::baseline_server(std::string directory)
    : x_impl(std::make_unique<impl>(std::move(directory))) {}
baseline_server::~baseline_server() {
  stop();
}
result<void> baseline_server::start() {
  return x_impl->start();
}
void baseline_server::stop() {
  x_impl->stop();
}
std::uint16_t baseline_server::port() const {
  return x_impl->port();
}
baseline_server::totals baseline_server::written() const {
  return x_impl->written();
}

}  // namespace switchboard::bench
