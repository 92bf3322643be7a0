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
    committed_ = std::move(committed);
    MDB_txn* txn = nullptr;
    int rc = mdb_env_create(&env_);
    if (rc == 0) rc = mdb_env_set_mapsize(env_, std::size_t{64} << 30);
    if (rc == 0) rc = mdb_env_open(env_, directory.c_str(), 0, 0600);
    if (rc == 0) rc = mdb_txn_begin(env_, nullptr, 0, &txn);
    if (rc == 0) rc = mdb_dbi_open(txn, nullptr, MDB_INTEGERKEY, &dbi_);
    MDB_stat stat{};
    if (rc == 0) rc = mdb_stat(txn, dbi_, &stat);
    if (rc == 0) rc = mdb_txn_commit(txn);
    if (rc != 0) return fail(errc::unavailable, std::string("lmdb: ") + mdb_strerror(rc));
    last_ = stat.ms_entries;
    durable_ = last_;
    thread_ = std::thread([this] { run(); });
    return {};
  }

  std::uint64_t append(std::string_view bytes) {
    std::unique_lock hold(lock_);
    queue_.emplace_back(bytes);
    auto at = ++last_;
    bool wake = std::exchange(asleep_, false);
    hold.unlock();
    if (wake) wake_.notify_one();
    return at;
  }
  std::uint64_t durable() const { return durable_.load(std::memory_order_acquire); }
  baseline_server::totals written() const { return {messages_, commits_}; }

  void close() {
    if (thread_.joinable()) {
      {
        std::lock_guard hold(lock_);
        over_ = true;
      }
      wake_.notify_one();
      thread_.join();
    }
    if (env_) mdb_env_close(std::exchange(env_, nullptr));
  }

 private:
  void run() {
    std::vector<std::string> batch;
    while (true) {
      {
        std::unique_lock hold(lock_);
        asleep_ = queue_.empty();
        wake_.wait(hold, [this] { return over_ || !queue_.empty(); });
        asleep_ = false;
        if (queue_.empty()) return;
        std::swap(batch, queue_);
      }
      write(batch);
      batch.clear();
      committed_();
    }
  }

  void write(const std::vector<std::string>& batch) {
    MDB_txn* txn = nullptr;
    SB_INVARIANT(mdb_txn_begin(env_, nullptr, 0, &txn) == 0);
    std::uint64_t position = durable();
    for (auto& bytes : batch) {
      ++position;
      MDB_val key{sizeof position, &position};
      MDB_val value{bytes.size(), const_cast<char*>(bytes.data())};
      SB_INVARIANT(mdb_put(txn, dbi_, &key, &value, MDB_APPEND) == 0);
    }
    SB_INVARIANT(mdb_txn_commit(txn) == 0);
    messages_ += batch.size();
    ++commits_;
    durable_.store(position, std::memory_order_release);
  }

  MDB_env* env_ = nullptr;
  MDB_dbi dbi_ = 0;
  std::function<void()> committed_;
  std::mutex lock_;
  std::condition_variable wake_;
  std::vector<std::string> queue_;
  std::uint64_t last_ = 0;
  bool over_ = false;
  bool asleep_ = false;
  std::atomic<std::uint64_t> durable_{0};
  std::atomic<std::uint64_t> messages_{0};
  std::atomic<std::uint64_t> commits_{0};
  std::thread thread_;
};

// What the daemon writes and sends for one session in which nothing is said, bytes (records as they
// lie in the journal, frames as they leave). Taken from a daemon's journal and sockets; they need
// not be exact, only of the size.
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
  explicit impl(std::string directory) : directory_(std::move(directory)) {}

  result<void> start();
  void stop();
  std::uint16_t port() const { return port_; }
  totals written() const { return log_.written(); }

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
  void tell(const connection_ptr& agent, std::uint64_t after, const char* method, const char* type,
            const std::string& session, std::size_t bytes);
  void put(const connection_ptr& c, std::uint64_t after);
  void flush(const connection_ptr& c);
  void flush_waiting();

  const std::string directory_;
  group_commit log_;
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(io_);
  tcp::acceptor acceptor_{io_};
  std::uint16_t port_ = 0;
  std::vector<connection_ptr> all_, agents_, waiting_;
  std::unordered_map<std::string, std::uint64_t> seq_;
  std::uint64_t opened_ = 0;
  std::string record_;
  std::thread thread_;
};

result<void> baseline_server::impl::start() {
  auto opened = log_.open(directory_, [this] { asio::post(io_, [this] { flush_waiting(); }); });
  if (!opened) return opened;
  error_code ec;
  tcp::endpoint at(asio::ip::address_v4::loopback(), 0);
  acceptor_.open(at.protocol(), ec);
  if (!ec) acceptor_.bind(at, ec);
  if (!ec) acceptor_.listen(1024, ec);
  if (ec) return fail(errc::unavailable, "cannot listen: " + ec.message());
  port_ = acceptor_.local_endpoint().port();
  accept();
  thread_ = std::thread([this] { io_.run(); });
  return {};
}

void baseline_server::impl::stop() {
  log_.close();
  if (!thread_.joinable()) return;
  asio::post(io_, [this] {
    error_code ignored;
    acceptor_.close(ignored);
    for (auto& c : all_) c->socket.close(ignored);
    work_.reset();
  });
  thread_.join();
}

void baseline_server::impl::accept() {
  acceptor_.async_accept([this](const error_code& ec, tcp::socket socket) {
    if (ec) return;
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    all_.push_back(std::make_shared<connection>(std::move(socket)));
    read(all_.back());
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
    agents_.push_back(c);
  codec::begin_result(c->out, f.msgid);
  c->out += codec::empty_map();
  put(c, 0);
}

void baseline_server::impl::send_message(const connection_ptr& c, const codec::frame& f) {
  codec::params p(*f.params);
  auto session = p.text_or_empty("session_id");
  auto seq = ++seq_[session];
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
  auto after = log_.append(event.view());

  codec::begin_result(c->out, f.msgid);
  codec::packer answer;
  answer.map(2);
  codec::field(answer, "seq", static_cast<std::int64_t>(seq));
  codec::field(answer, "at", at);
  c->out += answer.view();
  put(c, after);
  if (agents_.empty()) return;
  auto& agent = agents_[std::hash<std::string>{}(session) % agents_.size()];
  codec::begin_notification(agent->out, "session.event");
  agent->out += event.view();
  put(agent, after);
}

template <std::size_t N>
std::uint64_t baseline_server::impl::append_all(const std::size_t (&sizes)[N]) {
  std::uint64_t after = 0;
  for (auto bytes : sizes) {
    record_.assign(bytes, 'x');
    after = log_.append(record_);
  }
  return after;
}

auto baseline_server::impl::agent_of(const std::string& session) const -> connection_ptr {
  return agents_.empty() ? nullptr : agents_[std::hash<std::string>{}(session) % agents_.size()];
}

void baseline_server::impl::tell(const connection_ptr& agent, std::uint64_t after,
                                 const char* method, const char* type, const std::string& session,
                                 std::size_t bytes) {
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
  const auto session = "s00bench" + std::to_string(++opened_);
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
  waiting_.push_back(c);
  if (after <= log_.durable() && waiting_.size() == 1) asio::post(io_, [this] { flush_waiting(); });
}

void baseline_server::impl::flush_waiting() {
  auto waiting = std::exchange(waiting_, {});
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
  auto durable = log_.durable();
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
    waiting_.push_back(c);
  }
}

baseline_server::baseline_server(std::string directory)
    : impl_(std::make_unique<impl>(std::move(directory))) {}
baseline_server::~baseline_server() {
  stop();
}
result<void> baseline_server::start() {
  return impl_->start();
}
void baseline_server::stop() {
  impl_->stop();
}
std::uint16_t baseline_server::port() const {
  return impl_->port();
}
baseline_server::totals baseline_server::written() const {
  return impl_->written();
}

}  // namespace switchboard::bench
